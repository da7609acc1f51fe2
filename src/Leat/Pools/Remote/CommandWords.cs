namespace Leat.Pools;

/// <summary>The words of a command, as a POSIX shell takes them apart: blanks part them, quotes and backslashes keep them together. Nothing else means anything.</summary>
internal static class CommandWords
{
    /// <summary>Takes a command apart.</summary>
    /// <exception cref="ArgumentException">A quotation mark is not closed.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        List<string> words = [];
        var word = new System.Text.StringBuilder();
        bool inWord = false;
        char quote = '\0';
        for (int i = 0; i < command.Length; i++)
        {
            char letter = command[i];
            if (letter == '\\' && quote != '\'' && i + 1 < command.Length && (quote == '\0' || command[i + 1] is '"' or '\\' or '$' or '`'))
            {
                word.Append(command[++i]);
                inWord = true;
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter is '"' or '\'' && quote == '\0')
            {
                quote = letter;
                inWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(letter);
                inWord = true;
            }
        }

        if (quote != '\0') throw RemoteErrors.OpenQuote(command);
        if (inWord) words.Add(word.ToString());
        return words;
    }
}
