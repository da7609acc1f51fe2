using System.Globalization;

namespace Leat;

/// <summary>One item that a stage could not process: where, which, and why.</summary>
/// <param name="Stage">The name of the stage, as it stands in <see cref="FlowStats"/>.</param>
/// <param name="Number">
/// The item's place in that stage's input, counted from 0; -1 where no single item is to blame,
/// as for a source that fails or a stage that sees the whole stream.
/// </param>
/// <param name="Item">The item, or null where no single item is to blame.</param>
/// <param name="Exception">What the stage's body threw.</param>
public sealed record ItemFailure(string Stage, long Number, object? Item, Exception Exception)
{
    private const int LongestItemText = 200;

    /// <summary>How often the body was called on the item; 1 without retries.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>
    /// Of a call: the names of the functions between it and the result of the run, the one that needed it first; only the first ten.
    /// Empty for stages.
    /// </summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>True when it is a call that failed, and no stage.</summary>
    internal bool IsCall { get; init; }

    /// <summary>True when the stage's policy drops the item instead of failing the run.</summary>
    internal bool Skipped { get; init; }

    /// <summary>Where the failure stands among parts, between a scatter and its gather; null elsewhere.</summary>
    internal PartPlace? Place { get; init; }

    /// <summary>The failure of which this is a copy at another place, or itself.</summary>
    internal ItemFailure Origin
    {
        get => field ?? this;
        init;
    }

    /// <summary>One line: the stage, the item's number, the item and the cause.</summary>
    public override string ToString()
    {
        string cause = $"{Exception.GetType().Name}: {Exception.Message}";
        string attempts = Attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $" after {Attempts} attempts") : "";
        string what = IsCall ? "call" : "stage";
        string path = Path.Count == 0 ? "" : $", which is needed for {string.Join(", for ", Path.Select(name => $"'{name}'"))}";
        return Number < 0
            ? $"{what} '{Stage}' failed{attempts}{path}: {cause}"
            : string.Create(CultureInfo.InvariantCulture, $"{what} '{Stage}' failed on item {Number} ({DescribeItem()}){attempts}{path}: {cause}");
    }

    // The item is the author's: its ToString may throw, and may return a novel.
    private string DescribeItem() => IsCall && Item is object?[] arguments && arguments.GetType() == typeof(object[])
        ? string.Join(", ", arguments.Select(Describe))
        : Describe(Item);

    private static string Describe(object? item)
    {
        if (item is null)
        {
            return "null";
        }

        try
        {
            string text = Convert.ToString(item, CultureInfo.InvariantCulture) ?? "";
            text = text.ReplaceLineEndings(" ");
            text = text.Length <= LongestItemText ? text : string.Concat(text.AsSpan(0, LongestItemText), "…");
            return item is string ? $"\"{text}\"" : text;
        }
        catch (Exception)
        {
            return item.GetType().Name;
        }
    }
}

/// <summary>The place of a part among those of its item, and of the item among those that were scattered.</summary>
internal readonly record struct PartPlace(long Item, int Index, bool IsLast);
