namespace Leat.Streams;

/// <summary>One name of a file pattern, between two slashes: text, <c>*</c>, <c>?</c> and <c>[a-z]</c>.</summary>
internal sealed class GlobSegment
{
    private readonly string text;
    private readonly Element[] elements;

    private GlobSegment(string text, Element[] elements)
    {
        this.text = text;
        this.elements = elements;
    }

    /// <summary>True for <c>**</c>, which stands for any number of folders, none included.</summary>
    public bool IsAnyFolders => text == "**";

    /// <summary>True when only the very name itself matches.</summary>
    public bool IsLiteral => Array.TrueForAll(elements, element => element.Kind == ElementKind.Character);

    /// <summary>Reads a segment.</summary>
    /// <exception cref="FormatException">It is malformed; the message says how.</exception>
    public static GlobSegment Parse(string text)
    {
        if (text.Contains("**", StringComparison.Ordinal) && text != "**")
        {
            throw new FormatException("'**' stands for whole folders, so it must be alone between two slashes.");
        }

        List<Element> parsed = [];
        for (int i = 0; i < text.Length; i++)
        {
            parsed.Add(text[i] switch
            {
                '*' => new Element(ElementKind.AnyText, ""),
                '?' => new Element(ElementKind.AnyCharacter, ""),
                '[' => ParseSet(text, ref i),
                char other => new Element(ElementKind.Character, other.ToString()),
            });
        }

        return new GlobSegment(text, [.. parsed]);
    }

    /// <summary>True when a name matches. A name that starts with a dot needs a pattern that does, as in a shell.</summary>
    public bool Matches(ReadOnlySpan<char> name, bool ignoreCase)
    {
        if (name.StartsWith('.') && !text.StartsWith('.'))
        {
            return false;
        }

        // Where to try again from: the last star, and how far into the name it reaches. Earlier stars need no second
        // try, because the last one can take whatever they could.
        int star = -1;
        int starEnd = 0;
        int element = 0;
        int at = 0;
        while (at < name.Length)
        {
            if (element < elements.Length && elements[element].Kind == ElementKind.AnyText)
            {
                star = element++;
                starEnd = at;
            }
            else if (element < elements.Length && elements[element].Matches(name[at], ignoreCase))
            {
                element++;
                at++;
            }
            else if (star >= 0)
            {
                element = star + 1;
                at = ++starEnd;
            }
            else
            {
                return false;
            }
        }

        return elements.AsSpan(element).IndexOfAnyExcept(new Element(ElementKind.AnyText, "")) < 0;
    }

    public override string ToString() => text;

    /// <summary>Where the set that opens at a place closes, in the same name; null if it does not.</summary>
    public static int? EndOfSet(string text, int open)
    {
        int start = StartOfSet(text, open, out _);
        int end = start + 1 < text.Length ? text.IndexOf(']', start + 1) : -1;
        return end < 0 || text.AsSpan(start, end - start).Contains('/') ? null : end;
    }

    private static int StartOfSet(string text, int open, out bool inverted)
    {
        inverted = open + 1 < text.Length && text[open + 1] is '!' or '^';
        return open + (inverted ? 2 : 1);
    }

    // [abc], [a-z], [!a-z] or [^a-z]; a bracket that comes first is one of the characters.
    private static Element ParseSet(string text, ref int i)
    {
        int start = StartOfSet(text, i, out bool inverted);
        int end = EndOfSet(text, i) ?? throw new FormatException("a '[' has no ']' in the same name.");
        i = end;
        return new Element(inverted ? ElementKind.NoneOf : ElementKind.OneOf, text[start..end]);
    }

    private enum ElementKind
    {
        Character,
        AnyCharacter,
        AnyText,
        OneOf,
        NoneOf,
    }

    private readonly record struct Element(ElementKind Kind, string Text)
    {
        public bool Matches(char character, bool ignoreCase) => Kind switch
        {
            ElementKind.Character => AreEqual(Text[0], character, ignoreCase),
            ElementKind.OneOf => IsListed(character, ignoreCase),
            ElementKind.NoneOf => !IsListed(character, ignoreCase),
            _ => true,
        };

        private bool IsListed(char character, bool ignoreCase) =>
            IsListed(character) || (ignoreCase && (IsListed(char.ToUpperInvariant(character)) || IsListed(char.ToLowerInvariant(character))));

        private bool IsListed(char character)
        {
            for (int i = 0; i < Text.Length; i++)
            {
                bool isRange = i + 2 < Text.Length && Text[i + 1] == '-';
                if (isRange ? Text[i] <= character && character <= Text[i + 2] : Text[i] == character)
                {
                    return true;
                }

                i += isRange ? 2 : 0;
            }

            return false;
        }

        private static bool AreEqual(char one, char other, bool ignoreCase) =>
            one == other || (ignoreCase && char.ToUpperInvariant(one) == char.ToUpperInvariant(other));
    }
}
