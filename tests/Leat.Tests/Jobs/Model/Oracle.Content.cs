using System.Globalization;

namespace Leat.Tests.Jobs.Model;

// What counts, and what is read.
internal sealed partial class Oracle
{
    // Who reads what because of an injector.
    private readonly HashSet<(Atom Atom, Atom Injector, AtomInput Input)> injectedReads = [];

    private bool IsOutOfDate(Atom atom)
    {
        if (atom.IsMaker || !memory.Jobs.TryGetValue(atom.Id, out Seen? before)) return true;
        if (!atom.IgnoresCode && before.Code != atom.Code) return true;
        List<(string Key, bool IsMovable, string Token)> now = [.. InputsOf(atom)], then = [.. before.Inputs];
        // What is the same cancels out; then what has only moved.
        now.RemoveAll(each => then.Remove(each));
        now.RemoveAll(each => each.IsMovable && then.FindIndex(other => other.IsMovable && other.Token == each.Token && NameOf(other.Key) == NameOf(each.Key)) is >= 0 and int at && RemoveAt(then, at));
        return now.Count + then.Count > 0;
    }

    private static bool RemoveAt(List<(string Key, bool IsMovable, string Token)> list, int at)
    {
        list.RemoveAt(at);
        return true;
    }

    private bool AreOutputsAsLeft(Atom atom)
    {
        Seen before = memory.Jobs[atom.Id];
        return Array.TrueForAll(atom.Outputs, output =>
            File.Exists(output.Path) && File.ReadAllBytes(output.Path) is var bytes
            && (bytes.Length > 0 || AllowsEmpty(atom))
            && before.Files.TryGetValue(output.Path, out byte[]? left) && bytes.AsSpan().SequenceEqual(left));
    }

    private IEnumerable<(string Key, bool IsMovable, string Token)> InputsOf(Atom atom)
    {
        IEnumerable<(string, bool, string)> inputs = atom.Inputs.Select(each => (each.Key, each.IsMovable, TokenOf(each))).Distinct();
        if (atom.Kind != JobKind.Final) return inputs;
        IEnumerable<string> everything = verdicts.Keys.Where(each => each.IsEager && each.Kind != JobKind.Final).OrderBy(each => each.Id, StringComparer.Ordinal).Select(each => $"{each.Id}={TokenOf(new AtomInput(each, -1))}");
        return inputs.Append(("everything", false, string.Join('\n', everything)));
    }

    private Seen SeenBy(Atom atom)
    {
        string[] made = atom.IsMaker ? [] : ResultOf(atom);
        return new Seen(
            atom.IgnoresCode ? "" : atom.Code,
            [.. InputsOf(atom)],
            atom.IsMaker ? [] : CountedOf(atom),
            made,
            atom.Outputs.Select((output, i) => (output.Path, Bytes: atom.Encode(made[i]))).ToDictionary(each => each.Path, each => each.Bytes));
    }

    // What counts of an input.
    private string TokenOf(AtomInput input)
    {
        Atom atom = input.Atom;
        return atom.Kind switch
        {
            JobKind.Parameter => TokenOfParameter(atom).ToString(CultureInfo.InvariantCulture),
            JobKind.Function => atom.Code,
            JobKind.Environment => Reading.TextOf(atom.Spec),
            JobKind.InputFile => TokenOfFile(atom.Spec.PathOf('a')),
            JobKind.InputFiles => TokenOfSet(atom.Spec),
            JobKind.InputFolder => FileTexts.OfFolder(Path.Combine(folder, $"folder {atom.Spec.Name}")),
            JobKind.Generate or JobKind.Inject => atom.Code,
            JobKind.Load => $"{(atom.IgnoresCode ? "" : atom.Code)} {string.Join(' ', atom.Inputs.Select(each => $"{(each.IsMovable ? NameOf(each.Key) : each.Key)}={TokenOf(each)}").Distinct().Order(StringComparer.Ordinal))}",
            JobKind.Final => "",
            _ => input.Output < 0 ? string.Join('\n', CountedOf(atom)) : CountedOf(atom)[input.Output],
        };
    }

    private int TokenOfParameter(Atom atom)
    {
        int now = atom.Spec.Captured;
        return memory.Parameters.TryGetValue(atom.Id, out int last) && atom.Spec.IsSpecial && last / 10 == now / 10 ? last : now;
    }

    // A digest in a file beside it counts, if that is not older.
    private string TokenOfFile(string name)
    {
        string path = Path.Combine(folder, name), sidecar = $"{path}.md5sum";
        string way = File.Exists(sidecar) && File.GetLastWriteTimeUtc(sidecar) >= File.GetLastWriteTimeUtc(path) ? "md5" : "content";
        return $"{way} {File.ReadAllText(path)}";
    }

    private string TokenOfSet(JobSpec spec)
    {
        string text = FileTexts.OfSet(spec.Files.Select(letter => Path.Combine(folder, spec.PathOf(letter))));
        return $"{text} {string.Join(' ', spec.Files.Select(spec.PathOf).Order(StringComparer.Ordinal).Select(path => TokenOfFile(path).StartsWith("md5", StringComparison.Ordinal) ? '5' : '-'))}";
    }

    private string[] TextsFor(Atom atom)
    {
        if (atom.Kind == JobKind.Command) return [.. atom.Inputs.Where(each => atom.Reads(each.Atom) && IsOwn(atom, each)).SelectMany(FilesOf)];
        IEnumerable<AtomInput> own = atom.Inputs.Where(each => atom.Reads(each.Atom));
        // What an injector added stands behind what the job has itself, also if that is the same.
        HashSet<AtomInput> added = [.. injectedReads.Where(each => each.Atom == atom).Select(each => each.Input)];
        IEnumerable<AtomInput> injected = injectedReads.Where(each => each.Atom == atom).OrderBy(each => each.Injector.Spec.Number).Select(each => each.Input);
        return [.. own.Where(each => !added.Contains(each) || IsOwn(atom, each)).Select(TextOf), .. injected.Select(TextOf)];
    }

    // What stands in the files of an input, one by one.
    private string[] FilesOf(AtomInput input) =>
        input.Atom.IsInvariant ? [.. input.Atom.Spec.Files.Select(letter => File.ReadAllText(Path.Combine(folder, input.Atom.Spec.PathOf(letter))))]
        : input.Output < 0 ? ResultOf(input.Atom) : [ResultOf(input.Atom)[input.Output]];

    private static bool IsOwn(Atom atom, AtomInput input) =>
        input.Atom.Maker is null && atom.Spec.Inputs.Any(each => each.Number == input.Atom.Spec.Number && (atom.Spec.Kind != JobKind.Plot || each.IsOfDrawing == (atom.Kind == JobKind.Plot)) && (each.File is null ? input.Output < 0 : input.Output >= 0 && input.Atom.Outputs[input.Output].Name[0] == each.File));

    private string TextOf(AtomInput input)
    {
        Atom atom = input.Atom;
        return atom.Kind switch
        {
            JobKind.Parameter or JobKind.Function or JobKind.Environment => Reading.TextOf(atom.Spec),
            JobKind.InputFile => File.ReadAllText(Path.Combine(folder, atom.Spec.PathOf('a'))),
            JobKind.InputFiles => FileTexts.OfSet(atom.Spec.Files.Select(letter => Path.Combine(folder, atom.Spec.PathOf(letter)))),
            JobKind.InputFolder => FileTexts.OfFolder(Path.Combine(folder, $"folder {atom.Spec.Name}")),
            JobKind.Load => atom.Make(TextsFor(atom))[0],
            _ => input.Output >= 0 ? ResultOf(atom)[input.Output] : string.Join('|', ResultOf(atom)),
        };
    }

    // What a job made in this run, or left in an earlier one.
    private string[] ResultOf(Atom atom) => results.TryGetValue(atom, out string[]? made) ? made : atom.Kind == JobKind.Final ? [] : memory.Jobs[atom.Id].Held;

    // What is only made again, because somebody needs it, counts as what it was.
    private string[] CountedOf(Atom atom) => verdicts[atom].IsSettled && atom.Kind != JobKind.Final ? memory.Jobs[atom.Id].Outputs : ResultOf(atom);

    private static string NameOf(string key) => key[(key.LastIndexOf('/') + 1)..];
}
