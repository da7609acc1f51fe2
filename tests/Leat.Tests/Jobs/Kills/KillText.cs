using System.Globalization;
using System.Security.Cryptography;

namespace Leat.Tests.Jobs.Kills;

/// <summary>What the jobs of <see cref="KillProgram"/> write, and of whom each is made.</summary>
internal static class KillText
{
    /// <summary>What the files of a graph hold when it is up to date, by their paths from its folder.</summary>
    public static Dictionary<string, string> Files(int version, int groups)
    {
        Dictionary<string, string> files = [];
        string last = "";
        for (int i = 0; i < groups; i++)
        {
            string t = Of($"t{i}", version, i % 3 == 0 ? "" : last), c = Of($"c{i}", version, t), s = Of($"s{i}", version, t), p = Of($"p{i}", version, s);
            last = Of($"f{i}", version, $"{p}|{s}|{c}");
            files[$"out/s{i}.a"] = files[$"out/s{i}.b"] = s;
            files[$"out/p{i}"] = p;
            files[$"out/f{i}"] = last;
        }

        return files;
    }

    /// <summary>Who depends on each job.</summary>
    public static Dictionary<string, string[]> Dependants(int groups) => Enumerable.Range(0, groups)
        .SelectMany(i => new (string Job, string[] Dependants)[]
        {
            ($"t{i}", [$"c{i}", $"s{i}"]),
            ($"c{i}", [$"f{i}"]),
            ($"s{i}", [$"p{i}", $"f{i}"]),
            ($"p{i}", [$"f{i}"]),
            ($"f{i}", i + 1 < groups && (i + 1) % 3 != 0 ? [string.Create(CultureInfo.InvariantCulture, $"t{i + 1}")] : []),
        })
        .ToDictionary(each => each.Job, each => each.Dependants);

    /// <summary>The id under which a job is in the ledger.</summary>
    public static string IdOf(string name) => name[0] switch
    {
        't' => $"temporary/{name}",
        'p' or 'f' => $"out/{name}",
        _ => name,
    };

    private static string Of(string id, int version, string read)
    {
        string digest = Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(read)))[..16];
        return string.Concat(Enumerable.Range(0, 30).Select(line => string.Create(CultureInfo.InvariantCulture, $"{id} {version} {digest} {line}\n")));
    }
}
