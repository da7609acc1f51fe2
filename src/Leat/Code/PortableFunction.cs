using Leat.Encoding;

namespace Leat.Code;

/// <summary>
/// Delegates that travel to another process of the same program: where their method is, and a copy of the captured
/// variables that it reads. The bytes name types and assemblies, which are loaded: they must come from the program itself.
/// </summary>
internal static class PortableFunction
{
    /// <summary>Writes a delegate.</summary>
    /// <exception cref="LeatException">It can't travel; the message names the captured variable that can't.</exception>
    public static void Write(EncodingWriter writer, Delegate function) => Write(writer, function, []);

    /// <summary>Writes a delegate, and keeps some objects the same wherever it, and the delegates that it has captured, refer to them.</summary>
    /// <exception cref="LeatException">It can't travel; the message names the captured variable that can't.</exception>
    public static void Write(EncodingWriter writer, Delegate function, IReadOnlyCollection<object> shared) => new FunctionWriter(writer).WriteAll(function, shared);

    /// <summary>Reads a delegate, and loads the assemblies that it is in.</summary>
    /// <exception cref="LeatException">An assembly is missing here, or is another build.</exception>
    public static Delegate Read(EncodingReader reader) => new FunctionReader(reader).ReadAll();
}
