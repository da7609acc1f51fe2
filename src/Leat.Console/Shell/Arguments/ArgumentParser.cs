namespace Leat.Shell;

/// <summary>
/// Reads the command line. Written by hand because System.CommandLine takes 20 ms to start (measured with 18 options, published, on .NET 10), of the
/// 50 ms in which a whole program starts and ends that has nothing to do.
/// </summary>
internal static class ArgumentParser
{
    // Behind it everything is a name.
    private const string EndOfOptions = "--";

    public static ShellArguments Parse(IReadOnlyList<string> args)
    {
        var arguments = ShellArguments.Default;
        List<string> names = [];
        List<ShellOption> given = [];
        ShellOption? action = null;
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            if (arg == EndOfOptions)
            {
                names.AddRange(args.Skip(i + 1));
                break;
            }

            if (arg.Length < 2 || arg[0] != '-')
            {
                names.Add(arg);
                continue;
            }

            (ShellOption option, string? value) = OptionOf(arg);
            if (option.Action != ShellAction.None)
            {
                if (action is not null && action != option) throw ShellErrors.TwoActions(action.Name, option.Name);
                action = option;
            }

            given.Add(option);
            arguments = option.Apply(arguments, option.TakesValue ? value ?? ValueBehind(option, args, ref i) : value is null ? "" : NameIn(option, value, names));
        }

        arguments = arguments with { Action = action?.Action ?? ShellAction.Run, Names = [.. names] };
        Check(arguments, action, given);
        return arguments.IsJson && arguments.Action == ShellAction.Graph ? arguments with { Format = GraphFormat.Json } : arguments;
    }

    private static (ShellOption Option, string? Value) OptionOf(string arg)
    {
        int equals = arg.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? arg : arg[..equals];
        if (name is "-h" or "-?") name = "--help";
        ShellOption option = ShellOptions.Find(name) ?? throw ShellErrors.UnknownOption(name, NearestNames.Of(name, ShellOptions.All.Select(each => each.Name)));
        return (option, equals < 0 ? null : arg[(equals + 1)..]);
    }

    private static string ValueBehind(ShellOption option, IReadOnlyList<string> args, ref int i)
    {
        string? next = i + 1 < args.Count ? args[i + 1] : null;
        // A target may stand behind it as well: only a word that it knows is its value.
        if (option.IsValueOptional) return next is "mermaid" or "dot" or "json" ? args[++i] : "";
        if (next is null || (next.StartsWith("--", StringComparison.Ordinal) && option.Name != "--reason")) throw ShellErrors.NoValue(option.Name, option.Value);
        return args[++i];
    }

    // --why=JOB
    private static string NameIn(ShellOption option, string value, List<string> names)
    {
        if (option.Value.Length == 0) throw ShellErrors.SurplusValue(option.Name, value);
        names.Add(value);
        return "";
    }

    private static void Check(ShellArguments arguments, ShellOption? action, List<ShellOption> given)
    {
        string asked = action?.Name ?? "a run";
        foreach (ShellOption option in given)
        {
            if ((option.For & arguments.Action) == ShellAction.None && option != action) throw ShellErrors.WithoutMeaning(option.Name, asked, option.For);
        }

        if (given.Exists(each => each.Name == "--keep-going") && given.Exists(each => each.Name == "--fail-fast")) throw ShellErrors.Contradiction("--keep-going", "--fail-fast");
        if (given.Exists(each => each.Name == "--files") && arguments.Pool is not { IsElsewhere: true }) throw ShellErrors.NoOtherMachines("--files");
        bool needsOne = arguments.Action is ShellAction.History or ShellAction.Log;
        bool needsSome = arguments.Action is ShellAction.Why or ShellAction.Accept;
        if ((needsOne && arguments.Names.Length != 1) || (needsSome && arguments.Names.IsEmpty)) throw ShellErrors.NeedsNames(asked, needsOne, arguments.Names.Length);
    }
}
