namespace Leat.Jobs;

/// <summary>Texts as every ledger can keep them.</summary>
internal static class LedgerText
{
    private const int Longest = 16 * 1024;

    /// <summary>A text without zero characters and halves of surrogate pairs, cut where it is long.</summary>
    public static string Of(string text)
    {
        if (text.Length > Longest) text = text[..Longest];
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text.Replace('\0', ' '));
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}
