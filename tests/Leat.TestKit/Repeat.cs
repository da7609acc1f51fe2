using System.Globalization;

namespace Leat.TestKit;

/// <summary>How often a stress test goes round.</summary>
public static class Repeat
{
    /// <summary>
    /// The environment variable <c>LEAT_REPEAT</c> where it is set (<c>LEAT_REPEAT=50 dotnet test</c>), and
    /// otherwise <paramref name="usual"/>.
    /// </summary>
    /// <exception cref="FormatException">The variable is not a number from 1 up.</exception>
    public static int Times(int usual) => Times(Environment.GetEnvironmentVariable("LEAT_REPEAT"), usual);

    internal static int Times(string? variable, int usual)
    {
        if (string.IsNullOrEmpty(variable)) return usual;
        return int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out int times) && times > 0
            ? times
            : throw new FormatException($"LEAT_REPEAT is '{variable}', but must be a number from 1 up.");
    }
}
