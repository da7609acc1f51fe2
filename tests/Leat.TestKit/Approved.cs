using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Leat.TestKit;

/// <summary>
/// Compares output with the text that somebody once read and approved, which is kept as
/// <c>NAME.approved.txt</c> beside the test's source file.
/// </summary>
/// <remarks>
/// Where they differ, the output is written beside it as <c>NAME.received.txt</c> and the test fails with
/// the difference. <c>LEAT_APPROVE=1 dotnet test</c> approves whatever is received; read the result
/// with <c>git diff</c> before it is committed.
/// </remarks>
public static class Approved
{
    /// <summary>Fails the test unless <paramref name="actual"/> is the approved text.</summary>
    /// <param name="actual">Line ends are compared as <c>\n</c>, and a missing one at the end is added.</param>
    /// <param name="name">The file's name without its endings; by default the test's file and method.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    /// <param name="member">Filled in by the compiler.</param>
    public static void Text(
        string actual, string? name = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string member = "")
    {
        name ??= $"{Path.GetFileNameWithoutExtension(sourceFile)}.{member}";
        string directory = Path.GetDirectoryName(sourceFile)!;
        bool approve = Environment.GetEnvironmentVariable("LEAT_APPROVE") is "1" or "true";
        if (Compare(Path.Combine(directory, name), actual, approve) is { } difference) Assert.Fail(difference);
    }

    /// <summary>What the test is to say, or null where the texts are the same.</summary>
    internal static string? Compare(string pathWithoutEnding, string actual, bool approve)
    {
        string approvedFile = pathWithoutEnding + ".approved.txt";
        string receivedFile = pathWithoutEnding + ".received.txt";
        string received = Normalized(actual);
        string? approved = File.Exists(approvedFile) ? Normalized(File.ReadAllText(approvedFile)) : null;

        if (approve && received != approved)
        {
            File.WriteAllText(approvedFile, received, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            approved = received;
        }
        if (received == approved)
        {
            File.Delete(receivedFile);
            return null;
        }
        File.WriteAllText(receivedFile, received, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        string headline = approved is null
            ? $"Nothing is approved yet in {approvedFile}."
            : $"What was received differs from {approvedFile}.";
        return $"""
            {headline}
            Approve it with LEAT_APPROVE=1, or by renaming {receivedFile}.
            Lines with - are approved and missing, lines with + are new:
            {LineDiff.Between(approved ?? "", received)}
            """;
    }

    private static string Normalized(string text)
    {
        string lines = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        return lines.EndsWith('\n') ? lines : lines + "\n";
    }
}
