using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Leat.Code;

/// <summary>A captured variable.</summary>
/// <param name="Name">What the author calls it; <c>this</c> for the object that the code around the delegate belongs to.</param>
/// <param name="Path">
/// The fields that lead to it from the delegate's target: of one closure to that of the scope around it, and last the
/// variable's own. Empty where the target itself is captured.
/// </param>
internal sealed record CapturedVariable(string Name, ImmutableArray<FieldInfo> Path)
{
    /// <summary>The name of the object that the code around the delegate belongs to.</summary>
    public const string This = "this";
}

/// <summary>
/// Which captured variables a delegate uses. The compiler puts all captured variables of a scope into one object;
/// what others in that scope captured is none of this delegate's business.
/// </summary>
/// <param name="Read">
/// Those whose value counts, in the order of first use. In this order, and not by name, they belong to the code
/// fingerprint, which knows captured variables by number: <c>a - b</c> and <c>b - a</c> have one fingerprint.
/// </param>
/// <param name="Written">Those that the delegate assigns to.</param>
internal sealed record ClosureFields(ImmutableArray<CapturedVariable> Read, ImmutableArray<CapturedVariable> Written)
{
    /// <summary>Finds the variables that the code of a unit uses, from the closure that a delegate holds.</summary>
    public static ClosureFields Of(object? target, CodeUnit unit, CodeGraph graph)
    {
        if (target is null || graph.Own.Find(target.GetType().Assembly) is not { } module) return OfObject(target);
        var closure = new TypeId(module, (TypeDefinitionHandle)MetadataTokens.EntityHandle(target.GetType().MetadataToken));
        return GeneratedNames.IsGenerated(closure) ? new Search(graph).From(module, target.GetType()).In(unit) : OfObject(target);
    }

    /// <summary>Of a delegate whose target, if any, is no closure: an object of which a method was taken.</summary>
    public static ClosureFields OfObject(object? target) => new(target is null ? [] : [new CapturedVariable(CapturedVariable.This, [])], []);

    private sealed class Search(CodeGraph graph)
    {
        private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

        private readonly Dictionary<TypeId, (Type Type, ImmutableArray<FieldInfo> Path)> closures = [];
        private readonly Dictionary<FieldId, CapturedVariable> variables = [];
        private readonly List<FieldId> read = [];
        private readonly List<FieldId> written = [];

        /// <summary>Takes in a closure and those of the scopes around it.</summary>
        public Search From(CodeModule module, Type closure)
        {
            var queue = new Queue<(Type Type, ImmutableArray<FieldInfo> Path)>([(closure, [])]);
            while (queue.TryDequeue(out (Type Type, ImmutableArray<FieldInfo> Path) each))
            {
                if (!closures.TryAdd(new TypeId(module, (TypeDefinitionHandle)MetadataTokens.EntityHandle(each.Type.MetadataToken)), each)) continue;
                foreach (FieldInfo field in each.Type.GetFields(Any))
                {
                    if (field.Name.StartsWith(GeneratedNames.OuterClosure, StringComparison.Ordinal)) queue.Enqueue((field.FieldType, each.Path.Add(field)));
                }
            }
            return this;
        }

        public ClosureFields In(CodeUnit unit)
        {
            foreach (MethodId method in unit.Bodies)
            {
                if (method.Module.Body(method.Handle) is not { } body) continue;
                for (int i = 0; i < body.Instructions.Count; i++) Look(method, body, i);
            }
            return new ClosureFields(Variables(read), Variables(written));
        }

        private ImmutableArray<CapturedVariable> Variables(List<FieldId> fields) => [.. fields.Distinct().Select(field => variables[field])];

        private void Look(MethodId method, MethodCode body, int index)
        {
            Instruction instruction = body.Instructions[index];
            if (instruction.Code.Name is not ("ldfld" or "ldflda" or "stfld")) return;
            if (graph.Members(method.Module).Field(MetadataTokens.EntityHandle(instruction.Token)) is not { } field) return;
            if (!closures.TryGetValue(field.Type, out (Type Type, ImmutableArray<FieldInfo> Path) at) || !IsVariable(field, at)) return;
            bool isWritten = instruction.Is("stfld")
                || (instruction.Is("ldflda") && new AddressUse(method, graph.Own, at.Type).IsWritten(body, index));
            (isWritten ? written : read).Add(field);
        }

        private bool IsVariable(FieldId field, (Type Type, ImmutableArray<FieldInfo> Path) at)
        {
            if (variables.ContainsKey(field)) return true;
            string name = field.Name;
            // The way to the scope around is no variable, nor a nested lambda's delegate, which is kept to be used again.
            if (name.StartsWith(GeneratedNames.OuterClosure, StringComparison.Ordinal)) return false;
            if (name.StartsWith("<>", StringComparison.Ordinal) && name != GeneratedNames.CapturedThis) return false;
            variables.Add(field, new CapturedVariable(name == GeneratedNames.CapturedThis ? CapturedVariable.This : name, at.Path.Add(at.Type.GetField(name, Any)!)));
            return true;
        }
    }
}
