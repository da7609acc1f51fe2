using System.Globalization;

namespace Leat.Shell;

/// <summary>
/// Where a run's actions are to run, as it is written: <c>threads:4</c>, <c>processes:4</c>, or without a number for as many as there are cores;
/// <c>ssh:host1*4,host2:2222*2</c>, without a number for one; <c>slurm:4</c> for so many, each in an allocation of its own.
/// </summary>
/// <param name="Kind">The word ahead of the colon.</param>
/// <param name="Workers">How many workers there are in all.</param>
/// <param name="Hosts">Where they are, as it is written; empty for this machine.</param>
internal readonly record struct PoolText(string Kind, int Workers, string Hosts = "")
{
    public static PoolText Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? text : text[..colon];
        if (kind == "ssh" && colon > 0) return new PoolText(kind, ReadHosts(text, text[(colon + 1)..]).Sum(host => host.Workers), text[(colon + 1)..]);
        if (kind == "slurm") return new PoolText(kind, colon < 0 ? 1 : ReadCount(text, text.AsSpan(colon + 1)));
        if (kind is not ("threads" or "processes")) throw ShellErrors.UnknownPool(text);
        return colon < 0 ? new PoolText(kind, Environment.ProcessorCount) : new PoolText(kind, ReadCount(text, text.AsSpan(colon + 1)));
    }

    /// <summary>True when the workers are on other machines.</summary>
    public bool IsElsewhere => Kind is "ssh" or "slurm";

    /// <summary>The pool itself, which the caller disposes.</summary>
    public Pool Create() => Kind switch
    {
        "threads" => Pool.Threads(Workers),
        "slurm" => Pool.Slurm(new SlurmOptions { Maximum = Workers }),
        "ssh" => Pool.Ssh(ReadHosts(ToString(), Hosts)),
        _ => Pool.Processes(Workers),
    };

    public override string ToString() => Hosts.Length > 0 ? $"{Kind}:{Hosts}" : string.Create(CultureInfo.InvariantCulture, $"{Kind}:{Workers}");

    private static (string Host, int Workers)[] ReadHosts(string text, string hosts) => Array.ConvertAll(hosts.Split(','), host =>
    {
        int star = host.IndexOf('*', StringComparison.Ordinal);
        string name = star < 0 ? host : host[..star];
        return name.Length > 0 ? (name, star < 0 ? 1 : ReadCount(text, host.AsSpan(star + 1))) : throw ShellErrors.UnknownPool(text);
    });

    private static int ReadCount(string text, ReadOnlySpan<char> number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int workers) && workers > 0 ? workers : throw ShellErrors.UnknownPool(text);
}
