using System.Reflection;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>
/// The type of a delegate, of its method or of its target, by assembly and name. Unlike the types that values name, it is
/// loaded for it.
/// </summary>
internal static class TypeAddress
{
    private enum Form : byte
    {
        Plain,
        Generic,
        Vector,
        Array,
        Pointer,
    }

    public static void Write(EncodingWriter writer, Type type)
    {
        if (type.IsFunctionPointer || type.IsByRef) throw CodeErrors.NamelessType(type.ToString());
        if (type.HasElementType)
        {
            writer.Write((byte)(type.IsPointer ? Form.Pointer : type.IsSZArray ? Form.Vector : Form.Array));
            if (type.IsVariableBoundArray) writer.WriteVarint((ulong)type.GetArrayRank());
            Write(writer, type.GetElementType()!);
            return;
        }
        bool isGeneric = type.IsConstructedGenericType;
        writer.Write((byte)(isGeneric ? Form.Generic : Form.Plain));
        AssemblyAddress.Of(type.Assembly).Write(writer);
        writer.WriteValue((isGeneric ? type.GetGenericTypeDefinition() : type).FullName!);
        if (!isGeneric) return;
        foreach (Type argument in type.GetGenericArguments()) Write(writer, argument);
    }

    public static Type Read(EncodingReader reader) => Read(reader, isSameBuild: false);

    /// <summary>Reads a type whose members are known by number.</summary>
    /// <exception cref="LeatException">Its assembly is another build here.</exception>
    public static Type ReadSameBuild(EncodingReader reader) => Read(reader, isSameBuild: true);

    private static Type Read(EncodingReader reader, bool isSameBuild)
    {
        var form = (Form)reader.Read<byte>();
        switch (form)
        {
            case Form.Pointer:
                return Read(reader).MakePointerType();
            case Form.Vector:
                return Read(reader).MakeArrayType();
            case Form.Array:
                int rank = reader.ReadCount();
                return Read(reader).MakeArrayType(rank);
            case Form.Plain:
                return ReadDefinition(reader, isSameBuild);
            case Form.Generic:
                Type definition = ReadDefinition(reader, isSameBuild);
                var arguments = new Type[definition.GetGenericArguments().Length];
                for (int i = 0; i < arguments.Length; i++) arguments[i] = Read(reader);
                return definition.MakeGenericType(arguments);
            default:
                throw reader.Damaged($"{(byte)form} is no form of a type");
        }
    }

    private static Type ReadDefinition(EncodingReader reader, bool isSameBuild)
    {
        AssemblyAddress at = AssemblyAddress.Read(reader);
        string name = reader.ReadValue<string>();
        Assembly assembly = at.Load();
        if (isSameBuild && assembly.ManifestModule.ModuleVersionId != at.Build) throw CodeErrors.OtherBuild(at.Name);
        return assembly.GetType(name, throwOnError: false) ?? throw CodeErrors.OtherBuild(at.Name);
    }
}
