using System.Globalization;

namespace Leat.Tests.Streams.Sources;

public sealed class LinesFollowTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly string log;

    public LinesFollowTests() => log = folder["app.log"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Lines_come_as_they_are_appended_and_only_whole_ones()
    {
        await File.WriteAllTextAsync(log, "a\nb", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a");
        await File.AppendAllTextAsync(log, "c", Token);
        await File.AppendAllTextAsync(log, "d\ne\r\n\n", Token);
        await lines.AreAsync("a", "bcd", "e", "");
        await lines.Flow.StopAsync();
        Assert.Equal(FlowState.Completed, lines.Flow.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_character_may_come_in_two_parts()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes("€\n");
        await File.WriteAllBytesAsync(log, text[..2], Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await File.AppendAllBytesAsync(log, text[2..], Token);
        await lines.AreAsync("€");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missing_file_is_waited_for()
    {
        await using var lines = new Watched<string>(Source.Lines(folder["later/app.log"], follow: true));
        folder.Write("later/app.log", "a\n");
        await lines.AreAsync("a");
    }

    [Fact(Timeout = 60_000)]
    public async Task After_a_truncation_the_file_is_read_from_its_start()
    {
        await File.WriteAllTextAsync(log, "a\nb\npart", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a", "b");
        await File.WriteAllTextAsync(log, "", Token);
        await File.AppendAllTextAsync(log, "c\n", Token);
        await lines.AreAsync("a", "b", "c");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_written_anew_is_noticed_although_it_is_longer_than_before()
    {
        await File.WriteAllTextAsync(log, "a\nb\n", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a", "b");
        await File.WriteAllTextAsync(log, "c\nd\ne\n", Token);
        await lines.AreAsync("a", "b", "c", "d", "e");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_renamed_file_is_finished_before_the_new_one()
    {
        await File.WriteAllTextAsync(log, "a\nb\n", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a", "b");
        File.Move(log, folder["app.log.1"]);
        await File.AppendAllTextAsync(folder["app.log.1"], "c\nunended", Token);
        await File.WriteAllTextAsync(log, "d\n", Token);
        await lines.AreAsync("a", "b", "c", "unended", "d");
        await File.AppendAllTextAsync(log, "e\n", Token);
        await lines.AreAsync("a", "b", "c", "unended", "d", "e");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_renamed_file_may_be_written_to_until_the_new_one_is()
    {
        await File.WriteAllTextAsync(log, "a\n", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a");

        // As logrotate does, which creates the new file before it tells the writer.
        File.Move(log, folder["app.log.1"]);
        await File.WriteAllTextAsync(log, "", Token);
        await File.AppendAllTextAsync(folder["app.log.1"], "b\n", Token);
        await lines.AreAsync("a", "b");
        await File.AppendAllTextAsync(log, "c\n", Token);
        await lines.AreAsync("a", "b", "c");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_deleted_file_may_come_again()
    {
        await File.WriteAllTextAsync(log, "a\n", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a");
        File.Delete(log);
        await File.WriteAllTextAsync(log, "a\n", Token);
        await lines.AreAsync("a", "a");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_may_be_replaced_by_a_rename()
    {
        await File.WriteAllTextAsync(log, "a\nb\n", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a", "b");
        File.Move(folder.Write("new", "c\n"), log, overwrite: true);
        await lines.AreAsync("a", "b", "c");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_link_is_followed_to_where_it_points_by_now()
    {
        string first = folder.Write("1.log", "a\n");
        string second = folder.Write("2.log", "b\n");
        File.CreateSymbolicLink(log, first);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        await lines.AreAsync("a");
        await File.AppendAllTextAsync(first, "more\n", Token);
        await lines.AreAsync("a", "more");
        File.Delete(log);
        File.CreateSymbolicLink(log, second);
        await lines.AreAsync("a", "more", "b");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_whole_folder_may_be_moved_away()
    {
        string path = folder.Write("logs/app.log", "a\n");
        await using var lines = new Watched<string>(Source.Lines(path, follow: true));
        await lines.AreAsync("a");
        Directory.Move(folder["logs"], folder["old"]);
        folder.Write("logs/app.log", "b\n");
        await lines.AreAsync("a", "b");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_copy_and_truncation_loses_nothing_that_was_read_before_it()
    {
        await File.WriteAllTextAsync(log, "", Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true));
        List<string> expected = [];
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 3; i++)
            {
                string line = string.Create(CultureInfo.InvariantCulture, $"{round}.{i}");
                await File.AppendAllTextAsync(log, line + "\n", Token);
                expected.Add(line);
            }
            await lines.AreAsync([.. expected]);
            File.Copy(log, folder[$"app.log.{round}"]);
            await using FileStream truncated = new(log, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Stopping_ends_the_wait()
    {
        await using var lines = new Watched<string>(Source.Lines(folder["never.log"], follow: true));
        await lines.Flow.StopAsync();
        Assert.Empty(lines.Items);
    }

    [Fact(Timeout = 60_000)]
    public async Task Leaving_the_loop_ends_it()
    {
        await File.WriteAllTextAsync(log, "a\nb\n", Token);
        await foreach (string line in Source.Lines(log, follow: true).WithCancellation(Token))
        {
            Assert.Equal("a", line);
            break;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_can_not_be_followed()
    {
        (_, LeatException error) = await Failing.RunAsync<string, LeatException>(Source.Lines(folder.Path, follow: true));
        Assert.Equal("LEAT0013", error.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Encodings_may_be_followed_whose_line_feed_is_one_byte()
    {
        await File.WriteAllTextAsync(log, "ä\n", System.Text.Encoding.Latin1, Token);
        await using var lines = new Watched<string>(Source.Lines(log, follow: true, System.Text.Encoding.Latin1));
        await lines.AreAsync("ä");
        Assert.Contains("LEAT0023", Assert.Throws<ArgumentException>(() => Source.Lines(log, follow: true, System.Text.Encoding.Unicode)).Message, StringComparison.Ordinal);
    }
}
