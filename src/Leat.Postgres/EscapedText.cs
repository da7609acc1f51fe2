using System.Text;

namespace Leat.Postgres;

/// <summary>
/// Texts as PostgreSQL keeps them, which has no U+0000: that becomes U+0001 and <c>0</c>, and U+0001 becomes U+0001 and <c>1</c>.
/// All others stay as they are, so that people can ask for them.
/// </summary>
internal static class EscapedText
{
    private const char Mark = '\u0001';

    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny('\0', Mark)) return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (char each in text)
        {
            if (each is '\0' or Mark) escaped.Append(Mark).Append(each == '\0' ? '0' : '1');
            else escaped.Append(each);
        }
        return escaped.ToString();
    }

    public static string Read(ReadOnlySpan<byte> bytes) => Read(System.Text.Encoding.UTF8.GetString(bytes));

    public static string Read(string escaped)
    {
        if (!escaped.Contains(Mark, StringComparison.Ordinal)) return escaped;
        var text = new StringBuilder(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == Mark && i + 1 < escaped.Length) text.Append(escaped[++i] == '0' ? '\0' : Mark);
            else text.Append(escaped[i]);
        }
        return text.ToString();
    }
}
