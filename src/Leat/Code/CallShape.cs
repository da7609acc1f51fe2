using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Leat.Code;

/// <summary>What a call takes from the stack, and whether it leaves something there.</summary>
/// <param name="HasReceiver">True if an object lies below the arguments.</param>
/// <param name="Arguments">How many arguments there are, without the receiver.</param>
/// <param name="Returns">True if a value is left.</param>
internal readonly record struct CallShape(bool HasReceiver, int Arguments, bool Returns)
{
    public int Pops => Arguments + (HasReceiver ? 1 : 0);

    public int Pushes => Returns ? 1 : 0;

    /// <summary>The shape of a <c>call</c>, <c>callvirt</c> or <c>newobj</c> in a module.</summary>
    public static CallShape Of(Instruction call, CodeModule module, OwnAssemblies own)
    {
        EntityHandle handle = MetadataTokens.EntityHandle(call.Token);
        MetadataReader reader = module.Reader;
        SymbolReader symbols = own.Symbols(module);
        if (handle.Kind == HandleKind.MethodSpecification) handle = reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        MethodSignature<Symbol> signature = handle.Kind == HandleKind.MethodDefinition
            ? reader.GetMethodDefinition((MethodDefinitionHandle)handle).DecodeSignature(symbols, null)
            : reader.GetMemberReference((MemberReferenceHandle)handle).DecodeMethodSignature(symbols, null);
        bool isNew = call.Is("newobj");
        return new CallShape(signature.Header.IsInstance && !isNew, signature.ParameterTypes.Length, isNew || !IsVoid(signature.ReturnType));
    }

    public static bool IsCall(Instruction instruction) => instruction.Code.Name is "call" or "callvirt" or "newobj";

    // An init accessor returns a void with a modifier.
    private static bool IsVoid(Symbol type)
    {
        const string nothing = nameof(PrimitiveTypeCode.Void);
        string words = type.ToString();
        return words == nothing || words.StartsWith(nothing + " mod", StringComparison.Ordinal);
    }
}
