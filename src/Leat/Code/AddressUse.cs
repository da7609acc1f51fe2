namespace Leat.Code;

/// <summary>
/// Tells whether a field is written through its address: handed on by <c>ref</c> or <c>out</c>, or a field of the struct
/// in it assigned. Methods of a struct are taken not to change it.
/// </summary>
/// <param name="method">The code that takes the address.</param>
/// <param name="own">The author's assemblies.</param>
/// <param name="closure">The loaded type that the field is in, for its type arguments.</param>
internal readonly struct AddressUse(MethodId method, OwnAssemblies own, Type closure)
{
    /// <summary>Follows the address that an instruction puts on the stack to the instruction that takes it.</summary>
    public bool IsWritten(MethodCode body, int index)
    {
        int above = 0;
        for (int i = index + 1; i < body.Instructions.Count; i++)
        {
            Instruction each = body.Instructions[i];
            (int pops, int pushes) = (each.Code.Pops, each.Code.Pushes);
            bool isCall = CallShape.IsCall(each);
            if (isCall && CallShape.Of(each, method.Module, own) is var shape) (pops, pushes) = (shape.Pops, shape.Pushes);
            // Where the path forks, or a function pointer is called: not known, and better refused.
            if (pops < 0 || pushes < 0 || each.Code.Kind is OperandKind.Branch or OperandKind.Switch) return true;
            if (pops > above) return isCall ? IsChangedBy(each, pops - above - 1) : IsStore(each);
            above += pushes - pops;
        }
        return true;
    }

    private static bool IsStore(Instruction instruction) =>
        instruction.Code.Name is not ("ldfld" or "ldobj" or "ldflda" or "pop") && !instruction.Code.Name.StartsWith("ldind.", StringComparison.Ordinal);

    private bool IsChangedBy(Instruction call, int place)
    {
        bool hasReceiver = CallShape.Of(call, method.Module, own).HasReceiver;
        if (hasReceiver && place == 0) return false;
        int parameter = place - (hasReceiver ? 1 : 0);
        return !IsReadOnly(call, parameter);
    }

    private bool IsReadOnly(Instruction call, int parameter)
    {
        Type[] arguments = closure.GetGenericArguments();
        try
        {
            return method.Module.Assembly.ManifestModule.ResolveMethod(call.Token, arguments, arguments) is { } loaded
                && loaded.GetParameters() is var parameters && parameter < parameters.Length && parameters[parameter].IsIn;
        }
        catch (Exception error) when (error is ArgumentException or BadImageFormatException)
        {
            // Arguments of a generic method that aren't those of its closure: not known, and better refused.
            return false;
        }
    }
}
