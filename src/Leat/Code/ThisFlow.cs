using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Leat.Code;

/// <summary>
/// Follows an object through the code of methods: from where they get it as <c>this</c>, by the stack and local variables, to
/// what they do with it. An abstract interpretation: each method is gone through until what may lie on the stack is known
/// at every instruction.
/// </summary>
/// <param name="graph">Where the code is.</param>
/// <param name="levels">The type of the object and its base types, as far as they are the author's own, as they are loaded.</param>
internal sealed class ThisFlow(CodeGraph graph, IReadOnlyDictionary<TypeId, Type> levels)
{
    private readonly HashSet<long> locals = [];
    private readonly Dictionary<int, StackItem[]> states = [];
    private readonly Queue<int> open = [];
    private MethodId method;
    private bool isReadable = true;

    /// <summary>What may lie on the stack. Where paths meet that leave different things there, the later of these counts.</summary>
    private enum StackItem : byte
    {
        /// <summary>The code of a method of the object's type, to make a delegate of.</summary>
        Function,

        Other,

        This,
    }

    /// <summary>The fields of the object that are read, or pointed to.</summary>
    public HashSet<FieldId> Read { get; } = [];

    /// <summary>The fields of the object that are assigned to.</summary>
    public HashSet<FieldId> Written { get; } = [];

    /// <summary>The methods that are called on the object, or made a delegate with it; of a virtual one, all that it may end in.</summary>
    public HashSet<MethodId> Called { get; } = [];

    /// <summary>True when the object goes where it can't be followed.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Goes through the code of a method.</summary>
    public void Follow(MethodId body)
    {
        if (!isReadable || body.Module.Body(body.Handle) is not { } code) return;
        method = body;
        locals.Clear();
        int known;
        // Again, when a local variable turns out to hold the object: it may have been looked at before.
        do
        {
            known = locals.Count;
            states.Clear();
            Enter(0, []);
            foreach (GuardedRegion region in code.Regions)
            {
                bool hasError = region.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter;
                Enter(Place(code, region.HandlerOffset), hasError ? [StackItem.Other] : []);
                if (region.Kind == ExceptionRegionKind.Filter) Enter(Place(code, region.FilterOffset), [StackItem.Other]);
            }
            while (isReadable && open.TryDequeue(out int at)) Step(code, at);
        }
        while (locals.Count > known && isReadable);
    }

    private static int Place(MethodCode code, long offset)
    {
        (int low, int high) = (0, code.Instructions.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (code.Instructions[middle].Offset < offset) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private void GiveUp() => (IsLost, isReadable) = (true, false);

    private void Enter(int at, StackItem[] stack)
    {
        if (!states.TryGetValue(at, out StackItem[]? known))
        {
            states.Add(at, stack);
            open.Enqueue(at);
        }
        else if (known.Length != stack.Length)
        {
            GiveUp();
        }
        else if (!known.AsSpan().SequenceEqual(stack))
        {
            StackItem[] both = [.. known.Zip(stack, (one, other) => one > other ? one : other)];
            if (both.AsSpan().SequenceEqual(known)) return;
            states[at] = both;
            open.Enqueue(at);
        }
    }

    private void Step(MethodCode code, int at)
    {
        if (at >= code.Instructions.Count) return;
        Instruction instruction = code.Instructions[at];
        StackItem[] stack = states[at];
        string name = instruction.Code.Name;
        bool isCall = CallShape.IsCall(instruction);
        (int pops, int pushes) = isCall && CallShape.Of(instruction, method.Module, graph.Own) is var shape
            ? (shape.Pops, shape.Pushes)
            : (instruction.Code.Pops, instruction.Code.Pushes);
        if (name is "ret" or "leave") (pops, pushes) = (stack.Length, 0);
        if (pops < 0 || pushes < 0 || pops > stack.Length)
        {
            GiveUp();
            return;
        }
        ReadOnlySpan<StackItem> taken = stack.AsSpan(stack.Length - pops);
        StackItem result = isCall ? AfterCall(instruction, taken) : After(code, at, taken);
        StackItem[] next = [.. stack.AsSpan(0, stack.Length - pops), .. Enumerable.Repeat(result, pushes)];

        if (instruction.Code.Kind == OperandKind.Branch) Enter(Place(code, instruction.Value), next);
        foreach (int target in instruction.Targets ?? []) Enter(Place(code, target), next);
        if (name is not ("br" or "leave" or "ret" or "throw" or "rethrow" or "endfinally" or "endfilter" or "jmp")) Enter(at + 1, next);
    }

    private StackItem After(MethodCode code, int at, ReadOnlySpan<StackItem> taken)
    {
        Instruction instruction = code.Instructions[at];
        switch (instruction.Code.Name)
        {
            case "ldarg" when instruction.Value == 0 && IsOfObject(method):
                return StackItem.This;
            case "ldarga" or "starg" when instruction.Value == 0 && IsOfObject(method):
                IsLost = true;
                return StackItem.Other;
            case "ldloc" when locals.Contains(instruction.Value):
                return StackItem.This;
            case "ldloca" when locals.Contains(instruction.Value):
                IsLost = true;
                return StackItem.Other;
            case "stloc":
                if (taken[0] == StackItem.This) locals.Add(instruction.Value);
                return StackItem.Other;
            case "dup":
                return taken[0];
            case "ldftn" when graph.Members(method.Module).Method(MetadataTokens.EntityHandle(instruction.Token)) is { } pointed && IsOfObject(pointed):
                AddCalled(pointed, isVirtual: false);
                return StackItem.Function;
            case "ldfld" or "ldflda":
                return AfterLoad(code, at, taken[0]);
            case "stfld":
                AfterStore(instruction, taken);
                return StackItem.Other;
            case "pop" or "brtrue" or "brfalse" or "ceq" or "cgt.un" or "beq" or "bne.un":
                // It is looked at, and goes nowhere.
                return StackItem.Other;
            default:
                IsLost |= taken.Contains(StackItem.This);
                return StackItem.Other;
        }
    }

    private StackItem AfterLoad(MethodCode code, int at, StackItem receiver)
    {
        Instruction instruction = code.Instructions[at];
        FieldId? field = graph.Members(method.Module).Field(MetadataTokens.EntityHandle(instruction.Token));
        if (receiver == StackItem.This)
        {
            if (field is not { } own || !levels.TryGetValue(own.Type, out Type? level))
            {
                IsLost = true;
                return StackItem.Other;
            }
            Read.Add(own);
            if (instruction.Is("ldflda") && new AddressUse(method, graph.Own, level).IsWritten(code, at)) Written.Add(own);
            return StackItem.Other;
        }
        if (field is not { } kept || !IsKeptThis(kept)) return StackItem.Other;
        IsLost |= instruction.Is("ldflda");
        return StackItem.This;
    }

    private void AfterStore(Instruction instruction, ReadOnlySpan<StackItem> taken)
    {
        FieldId? field = graph.Members(method.Module).Field(MetadataTokens.EntityHandle(instruction.Token));
        if (taken[0] == StackItem.This)
        {
            if (field is { } own && levels.ContainsKey(own.Type)) Written.Add(own);
            else IsLost = true;
        }
        // Into a closure or state machine of a lambda within, which is followed as well.
        if (taken[1] == StackItem.This) IsLost |= field is not { } kept || !IsKeptThis(kept);
    }

    private StackItem AfterCall(Instruction call, ReadOnlySpan<StackItem> taken)
    {
        if (!taken.Contains(StackItem.This)) return StackItem.Other;
        // A delegate of the object and a method that is followed as well.
        if (call.Is("newobj") && taken is [StackItem.This, StackItem.Function]) return StackItem.Other;
        MethodId called = graph.Members(method.Module).Method(MetadataTokens.EntityHandle(call.Token)) ?? default;
        bool isOfObject = called.Module is not null && IsOfObject(called) && !call.Is("newobj") && !taken[1..].Contains(StackItem.This);
        if (isOfObject)
        {
            AddCalled(called, call.Is("callvirt"));
            if (SetByProperty(called) is { } field) Written.Add(field);
        }
        IsLost |= !isOfObject;
        return StackItem.Other;
    }

    private void AddCalled(MethodId called, bool isVirtual)
    {
        Called.Add(called);
        if (!isVirtual || !called.Definition.Attributes.HasFlag(MethodAttributes.Virtual)) return;
        foreach (MethodId each in graph.Hierarchy.Overrides(called))
        {
            if (levels.ContainsKey(each.Type)) Called.Add(each);
        }
    }

    // To its author, a property without code of its own is a field.
    private static FieldId? SetByProperty(MethodId called)
    {
        if (!called.Name.StartsWith("set_", StringComparison.Ordinal)) return null;
        string name = $"<{called.Name[4..]}>k__BackingField";
        return called.Type.Definition.GetFields().Select(each => new FieldId(called.Module, each)).Where(each => each.Name == name).Select(each => (FieldId?)each).FirstOrDefault();
    }

    private bool IsOfObject(MethodId called) =>
        !called.Definition.Attributes.HasFlag(MethodAttributes.Static) && levels.ContainsKey(called.Type);

    private bool IsKeptThis(FieldId field) =>
        field.Name == GeneratedNames.CapturedThis
        && GeneratedNames.IsGenerated(field.Type)
        && graph.Own.Symbols(field.Module).Field(field.Definition).Parts is [{ Own: { } type }, ..]
        && levels.ContainsKey(type);
}
