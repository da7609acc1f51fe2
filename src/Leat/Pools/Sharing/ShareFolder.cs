using System.Globalization;
using Leat.Storage;

namespace Leat.Pools;

/// <summary>
/// The folder where the runs of one user meet: <c>leat</c> in <c>XDG_RUNTIME_DIR</c>, which is <c>/run/user/UID</c> also for those who were
/// not told of it, as under cron; else <c>/tmp/leat-UID</c>. Nobody else may enter it, or could make runs wait.
/// </summary>
internal static class ShareFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The folder, which is made if it is not there; null, with a reason, if there can be none.</summary>
    public static string? TryMake(string? path, out string? reason)
    {
        if (path is not null) return TryMakeOne(path, out reason) ? path : null;
        reason = null;
        foreach (string candidate in Candidates(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), UnixFile.User))
        {
            if (TryMakeOne(candidate, out reason)) return candidate;
        }

        return null;
    }

    internal static IEnumerable<string> Candidates(string? runtime, uint user)
    {
        string usual = string.Create(CultureInfo.InvariantCulture, $"/run/user/{user}");
        foreach (string parent in (string[])[runtime ?? "", usual])
        {
            if (Path.IsPathFullyQualified(parent) && UnixFile.Of(parent) is { IsDirectory: true } facts && facts.Owner == user) yield return Path.Combine(parent, "leat");
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"/tmp/leat-{user}");
    }

    private static bool TryMakeOne(string path, out string? reason)
    {
        reason = null;
        try
        {
            if (!OperatingSystem.IsWindows() && UnixFile.Of(path) is null) Directory.CreateDirectory(path, Private);
            reason = UnixFile.Of(path) switch
            {
                null => $"the folder '{path}' can't be looked at",
                { IsDirectory: false } => $"'{path}' is not a folder; remove it",
                { } facts when facts.Owner != UnixFile.User => $"the folder '{path}' belongs to another user",
                { IsPrivate: false } => $"others may enter the folder '{path}'; set its mode to 0700",
                _ => null,
            };
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            reason = $"the folder '{path}' can't be made: {error.Message.TrimEnd('.')}";
        }

        return reason is null;
    }
}
