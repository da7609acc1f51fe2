using System.Globalization;
using System.Security.Cryptography;

namespace Leat.Tests.Jobs.Model;

/// <summary>
/// The codes that actions can have: functions of the texts of the inputs, of what was captured, and of the letter of the output. Some of them give few
/// different results, so that what is made again often comes out as it was.
/// </summary>
internal static class Behaviour
{
    public const int Codes = 12;

    /// <summary>The code of which the result may be empty.</summary>
    public const int Emptying = 11;

    private static readonly Func<string[], int, char, string>[] Table =
    [
        static (texts, captured, letter) => Mix("alpha", texts, captured, letter),
        static (texts, captured, letter) => Mix("beta", texts, captured, letter),
        static (_, _, letter) => $"always {letter}",
        static (texts, _, letter) => Mix("gamma", texts, 0, letter),
        static (texts, captured, letter) => Parity(Mix("delta", texts, captured, letter)),
        static (_, captured, letter) => Mix("epsilon", [], captured / 2, letter),
        static (texts, _, letter) => texts.Length > 0 ? $"first {letter} {texts[0]}" : "none",
        static (texts, captured, letter) => string.Create(CultureInfo.InvariantCulture, $"length {(texts.Sum(each => each.Length) + captured) % 3} {letter}"),
        static (texts, captured, letter) => letter == 'a' ? Parity(Mix("zeta", texts, captured, letter)) : Mix("zeta", texts, captured, letter),
        // As delta, by another way: other code, and the same results.
        static (texts, captured, letter) => Parity(Mix("delta", texts, captured, letter)) == "even" ? "even" : "odd",
        static (texts, captured, letter) => letter == 'b' ? "fixed" : Mix("eta", texts, captured, letter),
        static (texts, captured, letter) => Parity(Mix("theta", texts, captured, letter)) == "even" ? "" : "odd",
    ];

    public static Func<string[], int, char, string> Of(int code) => Table[code];

    /// <summary>A short text that depends on all that it is made from.</summary>
    public static string Mix(string word, string[] texts, int captured, char letter)
    {
        string all = string.Create(CultureInfo.InvariantCulture, $"{word} {captured} {letter} {texts.Length} {string.Join('\u0001', texts)}");
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(all)).AsSpan(0, 6));
    }

    private static string Parity(string mixed) => (mixed[^1] & 1) == 0 ? "even" : "odd";
}
