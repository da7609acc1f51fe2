using Xunit;

namespace Leat.TestKit;

/// <summary>For checks that find faults and describe each in a line.</summary>
public static class Faults
{
    /// <summary>Fails the test with all of the faults, where there are any.</summary>
    public static void None(IEnumerable<string> faults)
    {
        string text = string.Join('\n', faults);
        if (text.Length > 0) Assert.Fail(text);
    }
}
