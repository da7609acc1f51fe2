using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Leat.Tests.Tree;

/// <summary>
/// The public face of an assembly as sorted text: what code outside of it can name, call or derive from, with the
/// nullability, names and default values that callers depend on. Extension members stand in their blocks.
/// </summary>
internal static class PublicApi
{
    private static readonly string[] ToldAttributes = ["ObsoleteAttribute", "ExperimentalAttribute", "FlagsAttribute", "OverloadResolutionPriorityAttribute"];

    private static readonly SymbolDisplayFormat TypeName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    private static readonly SymbolDisplayFormat Member = TypeName
        .AddGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeConstraints)
        .AddMemberOptions(SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeConstantValue)
        .AddParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeModifiers
            | SymbolDisplayParameterOptions.IncludeExtensionThis)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeMemberKeyword);

    private static readonly SymbolDisplayFormat Signature = Member
        .RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers);

    public static string Of(MetadataReference reference)
    {
        CSharpCompilation compilation = Compiled.Compilation("Reader", OutputKind.DynamicallyLinkedLibrary, [])
            .RemoveReferences(Compiled.References.Where(other => other.Display == reference.Display))
            .AddReferences(reference);
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!;

        var text = new StringBuilder();
        foreach (INamespaceSymbol space in Namespaces(assembly.GlobalNamespace))
        {
            List<INamedTypeSymbol> types = [.. space.GetTypeMembers().SelectMany(WithNested).Where(IsVisible)];
            if (types.Count == 0) continue;
            if (text.Length > 0) text.Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"namespace {space.ToDisplayString()}\n");
            foreach (INamedTypeSymbol type in types.OrderBy(type => type.ToDisplayString(TypeName), StringComparer.Ordinal)) AddType(text, type);
        }
        return text.ToString();
    }

    private static IEnumerable<INamespaceSymbol> Namespaces(INamespaceSymbol space) => space.GetNamespaceMembers()
        .SelectMany(Namespaces).Prepend(space)
        .OrderBy(each => each.ToDisplayString(), StringComparer.Ordinal);

    private static IEnumerable<INamedTypeSymbol> WithNested(INamedTypeSymbol type) =>
        type.IsExtension ? [] : type.GetTypeMembers().SelectMany(WithNested).Prepend(type);

    private static bool IsVisible(ISymbol symbol)
    {
        bool inherited = symbol.DeclaredAccessibility is Accessibility.Protected or Accessibility.ProtectedOrInternal
            && symbol.ContainingType is { IsSealed: false };
        return (symbol.DeclaredAccessibility == Accessibility.Public || inherited)
            && (symbol.ContainingType is not { } outer || IsVisible(outer));
    }

    private static void AddType(StringBuilder text, INamedTypeSymbol type)
    {
        text.Append('\n');
        AddAttributes(text, type, indent: "");
        if (type.TypeKind == TypeKind.Delegate)
        {
            string[] signature = type.DelegateInvokeMethod!.ToDisplayString(Signature).Split(" Invoke");
            text.Append(CultureInfo.InvariantCulture,
                $"{Access(type)} delegate {signature[0]} {type.ToDisplayString(TypeName)}{signature[1]}{Constraints(type)}\n");
            return;
        }
        text.Append(CultureInfo.InvariantCulture, $"{Words(type)} {type.ToDisplayString(TypeName)}{Bases(type)}{Constraints(type)}\n");
        AddMembers(text, type, indent: "    ");
        foreach (INamedTypeSymbol block in Extensions(type)) AddExtension(text, block);
    }

    private static void AddExtension(StringBuilder text, INamedTypeSymbol block)
    {
        string parameters = block.TypeParameters.Length == 0 ? "" : $"<{string.Join(", ", block.TypeParameters.Select(one => one.Name))}>";
        text.Append(CultureInfo.InvariantCulture, $"    extension{parameters}({block.ExtensionParameter!.ToDisplayString(Member)}){Constraints(block)}\n");
        AddMembers(text, block, indent: "        ");
    }

    private static IEnumerable<INamedTypeSymbol> Extensions(INamedTypeSymbol type) => type.GetTypeMembers()
        .Where(nested => nested.IsExtension)
        .OrderBy(block => block.ExtensionParameter!.ToDisplayString(Member) + Constraints(block), StringComparer.Ordinal)
        .ThenBy(block => string.Join('\n', Members(block).Select(member => member.ToDisplayString(Member))), StringComparer.Ordinal);

    private static void AddMembers(StringBuilder text, INamedTypeSymbol type, string indent)
    {
        IEnumerable<(ISymbol Member, string Text)> members = Members(type)
            .Select(member => (member, type.TypeKind == TypeKind.Enum ? EnumMember((IFieldSymbol)member) : Describe(member)))
            .OrderBy(each => Rank(each.member))
            .ThenBy(each => each.member is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } value ? Convert.ToDecimal(value.ConstantValue, CultureInfo.InvariantCulture) : 0)
            .ThenBy(each => each.member.Name, StringComparer.Ordinal)
            .ThenBy(each => each.Item2, StringComparer.Ordinal);
        foreach ((ISymbol member, string line) in members)
        {
            AddAttributes(text, member, indent);
            text.Append(indent).Append(line).Append('\n');
        }
    }

    /// <summary>What was written, or might have been: not accessors, nor what the compiler adds to records and extension blocks.</summary>
    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        HashSet<ISymbol> lowered = new(
            type.GetTypeMembers().Where(nested => nested.IsExtension)
                .SelectMany(block => block.GetMembers()).OfType<IMethodSymbol>()
                .Select(method => method.AssociatedExtensionImplementation?.OriginalDefinition).OfType<IMethodSymbol>(),
            SymbolEqualityComparer.Default);
        return type.GetMembers().Where(member => IsVisible(member)
            && member is not INamedTypeSymbol
            && member is not IMethodSymbol { AssociatedSymbol: not null }
            && member is not IFieldSymbol { Name: "value__" }
            && !(type.TypeKind == TypeKind.Enum && member is IMethodSymbol)
            && !member.IsImplicitlyDeclared
            && !lowered.Contains(member.OriginalDefinition)
            && !(member is IMethodSymbol && Has(member, "CompilerGeneratedAttribute"))
            && !(type.IsRecord && member.Name == "EqualityContract"));
    }

    private static int Rank(ISymbol member) => member switch
    {
        IFieldSymbol => 0,
        IMethodSymbol { MethodKind: MethodKind.Constructor } => 1,
        IPropertySymbol => 2,
        IEventSymbol => 3,
        IMethodSymbol { MethodKind: MethodKind.Ordinary } => 4,
        _ => 5,
    };

    private static string Describe(ISymbol member) => member.ToDisplayString(Member) + member switch
    {
        IPropertySymbol property => " { " + string.Concat(Accessor(property, property.GetMethod, "get"),
            Accessor(property, property.SetMethod, property.SetMethod is { IsInitOnly: true } ? "init" : "set")) + "}",
        _ => "",
    };

    private static string Accessor(IPropertySymbol property, IMethodSymbol? accessor, string word)
    {
        if (accessor is null || !IsVisible(accessor)) return "";
        string access = accessor.DeclaredAccessibility == property.DeclaredAccessibility ? "" : Access(accessor) + " ";
        return $"{access}{word}; ";
    }

    private static string EnumMember(IFieldSymbol field) => string.Create(CultureInfo.InvariantCulture, $"{field.Name} = {field.ConstantValue}");

    private static string Words(INamedTypeSymbol type)
    {
        List<string> words = [Access(type)];
        switch (type.TypeKind)
        {
            case TypeKind.Enum: words.Add("enum"); break;
            case TypeKind.Interface: words.Add("interface"); break;
            case TypeKind.Struct:
                if (type.IsReadOnly) words.Add("readonly");
                if (type.IsRefLikeType) words.Add("ref");
                if (IsRecordStruct(type)) words.Add("record");
                words.Add("struct");
                break;
            default:
                if (type.IsStatic) words.Add("static");
                else if (type.IsAbstract) words.Add("abstract");
                else if (type.IsSealed) words.Add("sealed");
                words.Add(type.IsRecord ? "record" : "class");
                break;
        }
        return string.Join(' ', words);
    }

    /// <summary>A record struct leaves no mark in metadata but the method that prints its members.</summary>
    private static bool IsRecordStruct(INamedTypeSymbol type) =>
        type.GetMembers("PrintMembers").Any(member => Has(member, "CompilerGeneratedAttribute"));

    private static bool IsEqualityOfRecord(INamedTypeSymbol type, INamedTypeSymbol one) =>
        one.Name == nameof(IEquatable<>) && (type.IsRecord || IsRecordStruct(type));

    private static string Access(ISymbol symbol) => SyntaxFacts.GetText(symbol.DeclaredAccessibility);

    private static string Bases(INamedTypeSymbol type)
    {
        List<string> bases = [];
        if (type.TypeKind == TypeKind.Enum && type.EnumUnderlyingType is { SpecialType: not SpecialType.System_Int32 } number) bases.Add(number.ToDisplayString(TypeName));
        if (type.TypeKind == TypeKind.Class && type.BaseType is { SpecialType: not SpecialType.System_Object } parent) bases.Add(parent.ToDisplayString(TypeName));
        if (type.TypeKind != TypeKind.Enum) bases.AddRange(type.Interfaces.Where(IsVisible).Where(one => !IsEqualityOfRecord(type, one)).Select(one => one.ToDisplayString(TypeName)).Order(StringComparer.Ordinal));
        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static string Constraints(INamedTypeSymbol type) =>
        string.Concat(type.TypeParameters.Select(Constraint).Where(words => words.Length > 0));

    private static string Constraint(ITypeParameterSymbol parameter)
    {
        List<string> words = [];
        if (parameter.HasUnmanagedTypeConstraint) words.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint) words.Add("struct");
        else if (parameter.HasReferenceTypeConstraint) words.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        else if (parameter.HasNotNullConstraint) words.Add("notnull");
        words.AddRange(parameter.ConstraintTypes.Select(type => type.ToDisplayString(TypeName)));
        if (parameter.HasConstructorConstraint) words.Add("new()");
        if (parameter.AllowsRefLikeType) words.Add("allows ref struct");
        return words.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", words)}";
    }

    private static void AddAttributes(StringBuilder text, ISymbol symbol, string indent)
    {
        foreach (AttributeData attribute in symbol.GetAttributes().Where(one => ToldAttributes.Contains(one.AttributeClass?.Name, StringComparer.Ordinal)))
        {
            string name = attribute.AttributeClass!.Name[..^"Attribute".Length];
            string arguments = string.Join(", ", attribute.ConstructorArguments.Select(argument => argument.ToCSharpString()));
            text.Append(indent).Append('[').Append(name).Append(arguments.Length == 0 ? "" : $"({arguments})").Append("]\n");
        }
    }

    private static bool Has(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().Any(one => one.AttributeClass?.Name == attribute);
}
