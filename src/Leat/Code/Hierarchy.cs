using System.Reflection;
using System.Reflection.Metadata;

namespace Leat.Code;

/// <summary>
/// Which of the author's types derive from which, and so which methods a call may end in. Overrides are matched by
/// name and number of parameters: an overload too many only makes a fingerprint change once too often.
/// </summary>
internal sealed class Hierarchy
{
    private readonly OwnAssemblies own;
    private readonly Dictionary<TypeId, List<TypeId>> derived = [];
    private readonly Dictionary<TypeId, IReadOnlyList<MethodId>> calledFromOutside = [];
    private readonly Dictionary<MethodId, IReadOnlyList<MethodId>> overrides = [];

    public Hierarchy(OwnAssemblies own)
    {
        this.own = own;
        foreach (CodeModule module in own.LoadAll())
        {
            foreach (TypeDefinitionHandle handle in module.Reader.TypeDefinitions)
            {
                var type = new TypeId(module, handle);
                foreach (TypeId above in Above(type).Distinct())
                {
                    if (!derived.TryGetValue(above, out List<TypeId>? below)) derived.Add(above, below = []);
                    below.Add(type);
                }
            }
        }
    }

    /// <summary>
    /// The methods of a type, and of those that derive from it, which code outside may call although nobody names
    /// them: overrides of <c>ToString</c>, implementations of <c>IComparable</c>, and so on.
    /// </summary>
    public IReadOnlyList<MethodId> CalledFromOutside(TypeId type)
    {
        if (calledFromOutside.TryGetValue(type, out IReadOnlyList<MethodId>? known)) return known;
        return calledFromOutside[type] = [.. Below(type).Prepend(type)
            .SelectMany(each => Methods(each).Where(method => IsVirtual(method) && IsDeclaredOutside(method)))];
    }

    /// <summary>The methods that a call of a virtual method or interface member may end in, but for itself.</summary>
    public IReadOnlyList<MethodId> Overrides(MethodId method)
    {
        if (overrides.TryGetValue(method, out IReadOnlyList<MethodId>? known)) return known;
        bool isInterface = method.Type.Definition.Attributes.HasFlag(TypeAttributes.Interface);
        IEnumerable<MethodId> found = Below(method.Type).SelectMany(type => isInterface
            ? Implementations(type, method)
            : Methods(type).Where(each => IsVirtual(each) && IsAlike(each, method) && !IsNewSlot(each)).Concat(Explicit(type, method)));
        return overrides[method] = [.. found.Distinct()];
    }

    private static IEnumerable<MethodId> Methods(TypeId type) =>
        type.Definition.GetMethods().Select(handle => new MethodId(type.Module, handle));

    private static bool IsVirtual(MethodId method) => method.Definition.Attributes.HasFlag(MethodAttributes.Virtual);

    private static bool IsNewSlot(MethodId method) => method.Definition.Attributes.HasFlag(MethodAttributes.NewSlot);

    private static bool IsAlike(MethodId one, MethodId other) => one.Name == other.Name && Parameters(one) == Parameters(other);

    private static int Parameters(MethodId method)
    {
        BlobReader signature = method.Module.Reader.GetBlobReader(method.Definition.Signature);
        if (signature.ReadSignatureHeader().IsGeneric) signature.ReadCompressedInteger();
        return signature.ReadCompressedInteger();
    }

    private IEnumerable<TypeId> Below(TypeId type)
    {
        HashSet<TypeId> seen = [type];
        var queue = new Queue<TypeId>(seen);
        while (queue.TryDequeue(out TypeId each))
        {
            foreach (TypeId below in derived.GetValueOrDefault(each) ?? [])
            {
                if (!seen.Add(below)) continue;
                queue.Enqueue(below);
                yield return below;
            }
        }
    }

    private IEnumerable<TypeId> Above(TypeId type)
    {
        if (Base(type) is { } one) yield return one;
        foreach (TypeId each in Interfaces(type)) yield return each;
    }

    private TypeId? Base(TypeId type)
    {
        EntityHandle handle = type.Definition.BaseType;
        return handle.IsNil ? null : own.Symbols(type.Module).Definition(handle);
    }

    private IEnumerable<TypeId> Bases(TypeId type)
    {
        for (TypeId? each = Base(type); each is { } one; each = Base(one)) yield return one;
    }

    private IEnumerable<TypeId> Interfaces(TypeId type) =>
        type.Definition.GetInterfaceImplementations()
            .Select(handle => own.Symbols(type.Module).Definition(type.Module.Reader.GetInterfaceImplementation(handle).Interface))
            .OfType<TypeId>();

    private bool HasOutsideInterface(TypeId type) =>
        type.Definition.GetInterfaceImplementations().Any(handle =>
            own.Symbols(type.Module).Definition(type.Module.Reader.GetInterfaceImplementation(handle).Interface) is null);

    private bool IsDeclaredOutside(MethodId method)
    {
        TypeId type = method.Type;
        if (!IsNewSlot(method))
        {
            MethodId? first = Bases(type).SelectMany(Methods).Where(each => IsVirtual(each) && IsAlike(each, method)).Select(each => (MethodId?)each).LastOrDefault();
            return first is not { } declared || !IsNewSlot(declared) || IsDeclaredOutside(declared);
        }
        if (!HasOutsideInterface(type)) return false;
        return !Interfaces(type).SelectMany(Methods).Any(each =>
            Parameters(each) == Parameters(method) && (method.Name == each.Name || method.Name.EndsWith("." + each.Name, StringComparison.Ordinal)));
    }

    private IEnumerable<MethodId> Implementations(TypeId type, MethodId member)
    {
        MethodId[] explicitly = [.. Explicit(type, member)];
        if (explicitly.Length > 0) return explicitly;
        return Bases(type).Prepend(type).SelectMany(Methods).Where(each => each != member && IsAlike(each, member));
    }

    // The methods that a type names itself as its implementations of a member.
    private IEnumerable<MethodId> Explicit(TypeId type, MethodId member)
    {
        foreach (MethodImplementationHandle handle in type.Definition.GetMethodImplementations())
        {
            MethodImplementation implementation = type.Module.Reader.GetMethodImplementation(handle);
            if (implementation.MethodBody.Kind != HandleKind.MethodDefinition || !Declares(type.Module, implementation.MethodDeclaration, member)) continue;
            var body = new MethodId(type.Module, (MethodDefinitionHandle)implementation.MethodBody);
            if (Parameters(body) == Parameters(member)) yield return body;
        }
    }

    private bool Declares(CodeModule module, EntityHandle declaration, MethodId member)
    {
        if (declaration.Kind == HandleKind.MethodDefinition) return new MethodId(module, (MethodDefinitionHandle)declaration) == member;
        MemberReference reference = module.Reader.GetMemberReference((MemberReferenceHandle)declaration);
        return module.Reader.StringComparer.Equals(reference.Name, member.Name)
            && own.Symbols(module).Definition(reference.Parent) == member.Type;
    }
}
