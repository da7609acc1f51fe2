using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Leat.Encoding;

namespace Leat.Code;

/// <summary>The static constructor of a type and, where they can be told apart, the initial values in it.</summary>
internal sealed record Initialisers(MethodId Constructor, MethodCode Code, Dictionary<FieldDefinitionHandle, Range> Parts, bool AreInseparable);

/// <summary>
/// All that is known about the author's own code: its units, which use which, and their fingerprints. Units are read
/// when they are first asked for. Not thread-safe; <see cref="DelegateCode"/> takes turns.
/// </summary>
internal sealed class CodeGraph
{
    // What is own depends on the delegate's assembly only where nothing else makes that own.
    private static readonly ConditionalWeakTable<AssemblyLoadContext, CodeGraph> Common = [];
    private static readonly ConditionalWeakTable<Assembly, CodeGraph> Lone = [];

    private readonly Dictionary<UnitId, CodeUnit> units = [];
    private readonly Dictionary<UnitId, Digest> fingerprints = [];
    private readonly Dictionary<CodeModule, MemberResolver> members = [];
    private readonly Dictionary<CodeModule, Dictionary<EntityHandle, Pin>> pins = [];
    private readonly Dictionary<TypeId, Initialisers?> initialisers = [];

    private CodeGraph(AssemblyLoadContext context, Assembly? root) => Own = new OwnAssemblies(context, root);

    public OwnAssemblies Own { get; }

    public Hierarchy Hierarchy => field ??= new Hierarchy(Own);

    /// <summary>The graph in which the delegates of an assembly are looked up.</summary>
    public static CodeGraph Of(Assembly assembly)
    {
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(assembly) ?? AssemblyLoadContext.Default;
        return OwnAssemblies.IsOwnAnyway(assembly)
            ? Common.GetValue(context, one => new CodeGraph(one, null))
            : Lone.GetValue(assembly, one => new CodeGraph(context, one));
    }

    /// <summary>The author's own method, or null for one that counts by name and version.</summary>
    public MethodId? Find(MethodBase method) =>
        Own.Find(method.Module.Assembly) is { } module
            ? new MethodId(module, (MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken))
            : null;

    public MemberResolver Members(CodeModule module)
    {
        if (members.TryGetValue(module, out MemberResolver? known)) return known;
        return members[module] = new MemberResolver(module, Own);
    }

    public CodeUnit Unit(UnitId id)
    {
        if (units.TryGetValue(id, out CodeUnit? known)) return known;
        return units[id] = Write(id, isPinned: true);
    }

    /// <summary>A unit with all of its code, whatever its author said about its version.</summary>
    public CodeUnit UnitAsWritten(UnitId id) => Unit(id) is { Pin: null } unit ? unit : Write(id, isPinned: false);

    /// <summary>The fingerprint of a unit and all that it uses.</summary>
    public Digest FingerprintOf(UnitId id)
    {
        if (!fingerprints.ContainsKey(id)) Components.Hash(id, Unit, fingerprints);
        return fingerprints[id];
    }

    /// <summary>What the author said about a method, or about a type around it.</summary>
    public Pin? PinOf(MethodId method)
    {
        if (!pins.TryGetValue(method.Module, out Dictionary<EntityHandle, Pin>? known))
        {
            pins[method.Module] = known = Pin.In(method.Module.Reader);
        }
        if (known.Count == 0) return null;
        if (known.TryGetValue(method.Handle, out Pin pin)) return pin;
        for (TypeDefinitionHandle type = method.Definition.GetDeclaringType(); !type.IsNil; type = method.Module.Reader.GetTypeDefinition(type).GetDeclaringType())
        {
            if (known.TryGetValue(type, out pin)) return pin;
        }
        return null;
    }

    /// <summary>The static constructor of a type; null if it has none.</summary>
    public Initialisers? InitialisersOf(TypeId type)
    {
        if (initialisers.TryGetValue(type, out Initialisers? known)) return known;
        Initialisers? found = null;
        foreach (MethodDefinitionHandle handle in type.Definition.GetMethods())
        {
            var method = new MethodId(type.Module, handle);
            if (method.Name != ".cctor" || type.Module.Body(handle) is not { } code) continue;
            Dictionary<FieldDefinitionHandle, Range>? parts = StaticInitialisers.Split(code, Members(type.Module).Field, type);
            found = new Initialisers(method, code, parts ?? [], AreInseparable: parts is null);
        }
        return initialisers[type] = found;
    }

    private CodeUnit Write(UnitId id, bool isPinned)
    {
        try
        {
            return UnitWriter.Write(id, this, isPinned);
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidDataException)
        {
            throw CodeErrors.BadCode(CodeTitles.Of(id), error);
        }
    }
}
