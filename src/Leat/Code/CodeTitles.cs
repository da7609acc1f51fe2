namespace Leat.Code;

/// <summary>What an author calls a method in a sentence.</summary>
internal static class CodeTitles
{
    public static string Of(UnitId unit)
    {
        if (!unit.IsMethod) return $"the initial value of {Of(unit.Field.Type)}.{FieldName(unit.Field.Name)}";
        MethodId method = unit.Method;
        string type = Of(Written(method.Type));
        string name = method.Name;
        if (GeneratedNames.IsGenerated(name))
        {
            string where = GeneratedNames.Within(name) is "<Main>$" ? "the program's top level" : $"{type}.{GeneratedNames.Within(name)}";
            return GeneratedNames.LocalFunction(name) is { } local ? $"the local function {local} in {where}" : $"the lambda in {where}";
        }
        return name switch
        {
            ".ctor" => $"the constructor of {type}",
            ".cctor" => $"the static constructor of {type}",
            "<Main>$" => "the program's top level",
            "<Clone>$" => $"the copying of {type}",
            _ when Accessor(name) is { } property => $"the property {type}.{property}",
            _ => $"the method {type}.{name}",
        };
    }

    private static string Of(TypeId type)
    {
        string name = GeneratedNames.WithoutFile(type.Module.Reader.GetString(type.Definition.Name));
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        if (arity >= 0) name = name[..arity];
        return type.Definition.GetDeclaringType() is { IsNil: false } outer ? $"{Of(new TypeId(type.Module, outer))}.{name}" : name;
    }

    private static TypeId Written(TypeId type)
    {
        while (GeneratedNames.IsGenerated(type) && type.Definition.GetDeclaringType() is { IsNil: false } outer) type = new TypeId(type.Module, outer);
        return type;
    }

    private static string FieldName(string name) => name.StartsWith('<') ? GeneratedNames.Within(name) : name;

    private static string? Accessor(string name) =>
        name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal) ? name[4..] : null;
}
