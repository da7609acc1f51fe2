using System.Reflection;

namespace Leat.Shell;

/// <summary>What <c>--version</c> prints.</summary>
internal static class VersionText
{
    public static void Write(TextPage page)
    {
        if (Assembly.GetEntryAssembly() is { } program) page.Line($"{program.GetName().Name} {VersionOf(program)}");
        page.Line($"Leat {VersionOf(typeof(JobGraph).Assembly)}");
    }

    // Without the commit that builds append to it.
    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? assembly.GetName().Version?.ToString() ?? "";
}
