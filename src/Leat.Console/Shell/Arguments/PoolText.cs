using System.Globalization;

namespace Leat.Shell;

/// <summary>Where a run's actions are to run, as it is written: <c>threads:4</c>, <c>processes:4</c>, or without a number for as many as there are cores.</summary>
internal readonly record struct PoolText(string Kind, int Workers)
{
    public static PoolText Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? text : text[..colon];
        if (kind is "ssh" or "slurm") throw ShellErrors.PoolNotYet(text, kind);
        if (kind is not ("threads" or "processes")) throw ShellErrors.UnknownPool(text);
        if (colon < 0) return new PoolText(kind, Environment.ProcessorCount);
        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int workers) && workers > 0
            ? new PoolText(kind, workers)
            : throw ShellErrors.UnknownPool(text);
    }

    /// <summary>The pool itself, which the caller disposes.</summary>
    public Pool Create() => Kind == "threads" ? Pool.Threads(Workers) : Pool.Processes(Workers);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Workers}");
}
