using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Leat.Pools;

/// <summary>
/// The command that starts this program once more as a worker: its own executable, or <c>dotnet exec</c> with its assembly,
/// with Leat as a startup hook, which takes over before the author's <c>Main</c>.
/// </summary>
internal static class ProgramCommand
{
    /// <summary>Holds, in a worker's environment, what it needs to connect.</summary>
    public const string Variable = "LEAT_WORKER";

    /// <summary>Holds, in a worker's environment, the startup hooks that the author's program was started with.</summary>
    public const string HooksBefore = "LEAT_WORKER_HOOKS";

    private const string Hooks = "DOTNET_STARTUP_HOOKS";

    /// <summary>The command, and the environment.</summary>
    /// <param name="greeting">What the worker needs to connect.</param>
    /// <exception cref="LeatException">This program can't be started as a worker.</exception>
    public static ProcessStartInfo Create(string greeting)
    {
        string executable = Environment.ProcessPath ?? throw PoolErrors.NotStartable("the path of its executable is not known");
        var info = new ProcessStartInfo(executable)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(executable).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            AddHostArguments(info.ArgumentList);
        }

        string leat = typeof(ProgramCommand).Assembly.GetName().Name!;
        string? before = Environment.GetEnvironmentVariable(Hooks);
        info.Environment[Hooks] = string.IsNullOrEmpty(before) ? leat : $"{before}{Path.PathSeparator}{leat}";
        info.Environment[HooksBefore] = before ?? "";
        info.Environment[Variable] = greeting;
        return info;
    }

    /// <summary>Called in a worker: takes what it needs out of the environment, so that the programs it starts don't get it.</summary>
    public static string? TakeGreeting()
    {
        string? greeting = Environment.GetEnvironmentVariable(Variable);
        if (greeting is not null)
        {
            string? before = Environment.GetEnvironmentVariable(HooksBefore);
            Environment.SetEnvironmentVariable(Hooks, string.IsNullOrEmpty(before) ? null : before);
            Environment.SetEnvironmentVariable(HooksBefore, null);
            Environment.SetEnvironmentVariable(Variable, null);
        }

        return greeting;
    }

    /// <summary>Refuses a program that can never be started as a worker.</summary>
    /// <exception cref="LeatException">It is one; the message says what to change.</exception>
    public static void RefuseWhereImpossible()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw PoolErrors.NotStartable("it is compiled ahead of time. Publish it without PublishAot (in a program of one file: #:property PublishAot=false)");
        }

        if (AppContext.TryGetSwitch("System.StartupHookProvider.IsSupported", out bool isSupported) && !isSupported)
        {
            throw PoolErrors.NotStartable("startup hooks are switched off in it, as trimming does. Set StartupHookSupport to true and PublishTrimmed to false in its project");
        }

        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            throw PoolErrors.NotStartable("this process was itself started as a worker, but its runtime did not heed DOTNET_STARTUP_HOOKS");
        }
    }

    // The host's own arguments are not known to the program; but where they lead is.
    private static void AddHostArguments(Collection<string> arguments)
    {
        string program = Environment.GetCommandLineArgs()[0];
        if (!File.Exists(program))
        {
            program = Assembly.GetEntryAssembly()?.Location ?? "";
        }

        if (!File.Exists(program))
        {
            throw PoolErrors.NotStartable("the path of its assembly is not known");
        }

        arguments.Add("exec");
        string? deps = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0];
        if (!string.IsNullOrEmpty(deps) && File.Exists(deps) && !string.Equals(deps, Path.ChangeExtension(program, ".deps.json"), StringComparison.Ordinal))
        {
            // A host for others, such as one for tests, was told where the program's own files are.
            arguments.Add("--depsfile");
            arguments.Add(deps);
            string runtime = deps.Replace(".deps.json", ".runtimeconfig.json", StringComparison.Ordinal);
            if (File.Exists(runtime))
            {
                arguments.Add("--runtimeconfig");
                arguments.Add(runtime);
            }
        }

        arguments.Add(program);
    }
}
