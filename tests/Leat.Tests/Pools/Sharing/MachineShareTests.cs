using System.Diagnostics;
using Leat.Pools;
using Microsoft.Win32.SafeHandles;

namespace Leat.Tests.Pools.Sharing;

/// <summary>What one run sees of the machine's share, where nobody else is or where others are only told of.</summary>
public sealed class MachineShareTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly List<string> told = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private CoreShareOptions Options => new() { Directory = folder.Path, MachineCores = 4, MachineMemory = 1000, MakeFlags = null, Tell = told.Add };

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task What_is_taken_comes_back()
    {
        await using CoreShare share = CoreShare.Open(Options);
        Assert.IsType<MachineShare>(share);
        CoreLease three = await share.TakeAsync(3, 600, Token);
        Assert.Null(share.Waiting);
        Task<CoreLease> two = share.TakeAsync(2, 0, Token).AsTask();
        Task<CoreLease> one = share.TakeAsync(1, 0, Token).AsTask();
        Assert.Equal("2 cores, in use by this run", share.Waiting);
        Assert.False(one.IsCompleted, "it goes past one that came before");
        three.Dispose();
        three.Dispose();
        (await two).Dispose();
        (await one).Dispose();
        Assert.Null(share.Waiting);
        Task<CoreLease> much = share.TakeAsync(1, 500, Token).AsTask();
        Task<CoreLease> more = share.TakeAsync(1, 501, Token).AsTask();
        using CoreLease first = await much;
        Assert.Equal("1 core and 501 bytes of memory, in use by this run", share.Waiting);
        first.Dispose();
        (await more).Dispose();
        Assert.Empty(told);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_more_than_there_is_or_may_be_is_cut()
    {
        await using (CoreShare share = CoreShare.Open(Options))
        {
            using CoreLease lease = await share.TakeAsync(100, 100_000, Token);
            Assert.Equal((4, 1000), (lease.Cores, lease.Memory));
        }

        await using CoreShare small = CoreShare.Open(Options with { Cores = 2, Memory = 10 });
        using CoreLease all = await small.TakeAsync(Cores.All, 11, Token);
        Assert.Equal((2, 10), (all.Cores, all.Memory));
        await using CoreShare none = CoreShare.Open(Options with { IsOn = false });
        Assert.Equal(4, (await none.TakeAsync(Cores.All, 0, Token)).Cores);
        Assert.Equal(3, (await none.TakeAsync(3, 0, Token)).Cores);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_gives_up_waiting_is_out_of_the_way()
    {
        await using CoreShare share = CoreShare.Open(Options);
        using CoreLease three = await share.TakeAsync(3, 0, Token);
        using var impatience = new CancellationTokenSource();
        Task<CoreLease> two = share.TakeAsync(2, 0, impatience.Token).AsTask();
        Task<CoreLease> one = share.TakeAsync(1, 0, Token).AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two);
        (await one).Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => share.TakeAsync(1, 0, impatience.Token).AsTask());
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_disposes_gives_everything_back_and_ends_all_waiting()
    {
        CoreShare share = CoreShare.Open(Options);
        CoreLease lease = await share.TakeAsync(4, 0, Token);
        Task<CoreLease> waiting = share.TakeAsync(1, 0, Token).AsTask();
        await share.DisposeAsync();
        await share.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => share.TakeAsync(1, 0, Token).AsTask());
        await using CoreShare next = CoreShare.Open(Options);
        Assert.Equal(4, (await next.TakeAsync(4, 0, Token)).Cores);
        lease.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_within_a_run_goes_on_with_the_core_of_the_work_that_started_it()
    {
        await using CoreShare outer = CoreShare.Open(Options);
        using CoreLease all = await outer.TakeAsync(4, 1000, Token);
        var clock = new ManualClock();
        await using CoreShare inner = CoreShare.Open(Options with { Clock = clock });
        using (CoreLease one = await inner.TakeAsync(1, 0, Token)) Assert.Equal(1, one.Cores);
        Task<CoreLease> two = inner.TakeAsync(2, 10, Token).AsTask();
        Assert.StartsWith($"2 cores and 10 bytes of memory, held by process {Environment.ProcessId} (", inner.Waiting, StringComparison.Ordinal);
        while (!two.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Token);
        }

        Assert.Equal((1, 0), ((await two).Cores, (await two).Memory));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_table_that_was_deleted_is_made_again()
    {
        await using CoreShare share = CoreShare.Open(Options);
        for (int i = 0; i < 3; i++)
        {
            File.Delete(folder["cores"]);
            Task<CoreLease> all = share.TakeAsync(4, 0, Token).AsTask();
            Task<CoreLease> more = share.TakeAsync(4, 0, Token).AsTask();
            (await all).Dispose();
            (await more).Dispose();
            Assert.True(File.Exists(folder["cores"]));
        }

        Assert.Empty(told);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_process_that_was_stopped_with_the_table_locked_stops_nobody_else()
    {
        var clock = new ManualClock();
        await using CoreShare share = CoreShare.Open(Options with { Clock = clock });
        (await share.TakeAsync(1, 0, Token)).Dispose();
        using SafeFileHandle locked = UnixFile.Open(folder["cores"], UnixFile.OpenMode.ReadWrite)!;
        while (!UnixFile.TryLock(locked)) await Task.Yield();
        Task<CoreLease> all = share.TakeAsync(4, 0, Token).AsTask();
        for (int i = 0; i < 9; i++) clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(all.IsCompleted);
        while (!all.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Token);
        }

        Assert.EndsWith("does not go on. This run takes all that it may.", Assert.Single(told), StringComparison.Ordinal);
        using CoreLease lease = await all;
        Assert.Equal(4, (await share.TakeAsync(4, 0, Token)).Cores);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_that_others_could_use_is_not_used()
    {
        string link = folder["link"], wide = folder["wide"], file = folder.Write("file", "");
        File.CreateSymbolicLink(link, Directory.CreateDirectory(folder["target"]).FullName);
        Directory.CreateDirectory(wide);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(wide, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        foreach (string path in (string[])[link, wide, file, Path.Combine(file, "deeper"), "/proc/leat"])
        {
            told.Clear();
            await using CoreShare share = CoreShare.Open(Options with { Directory = path });
            for (int i = 0; i < 3; i++) Assert.Equal(4, (await share.TakeAsync(4, 0, Token)).Cores);
            Assert.StartsWith("The cores of this machine are not shared with other runs, because ", Assert.Single(told), StringComparison.Ordinal);
            Assert.Contains(path, told[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_usual_folder_is_the_users()
    {
        uint user = UnixFile.User;
        Assert.Equal(Path.Combine(folder.Path, "leat"), ShareFolder.Candidates(folder.Path, user).First());
        Assert.Equal([$"/tmp/leat-{user + 1}"], ShareFolder.Candidates(folder.Path, user + 1));
        Assert.Equal($"/tmp/leat-{user}", ShareFolder.Candidates("relative", user).Last());
    }

    [Fact]
    public void A_place_in_the_table_is_what_was_written_or_nothing()
    {
        var random = new Random(3);
        byte[] place = new byte[TableRecord.Size];
        for (int i = 0; i < 2000; i++)
        {
            var record = new TableRecord(random.NextInt64(), new ProcessIdentity(random.Next(), random.NextInt64()), random.Next(1, 100), random.NextInt64(), random.Next(), new string('ä', random.Next(600)));
            record.Write(place);
            TableRecord read = TableRecord.Read(place)!;
            Assert.Equal(record with { Command = "" }, read with { Command = "" });
            Assert.StartsWith(read.Command, record.Command, StringComparison.Ordinal);
            place[random.Next(place.Length)] ^= (byte)random.Next(1, 256);
            Assert.Null(TableRecord.Read(place));
            random.NextBytes(place);
            Assert.Null(TableRecord.Read(place));
        }

        new TableRecord(1, ProcessIdentity.Current, 0, 0, 0, "idle").Write(place);
        Assert.Equal(new byte[TableRecord.Size], place);
    }

    [Fact]
    public void A_process_is_told_from_a_later_one_of_its_number()
    {
        Assert.True(ProcessIdentity.Current.IsAlive);
        Assert.False((ProcessIdentity.Current with { Start = 1 }).IsAlive);
        Assert.False(new ProcessIdentity(int.MaxValue, 0).IsAlive);
        Assert.Contains(Environment.ProcessId, ProcessIdentity.CurrentAndAncestors());
        Assert.True(ProcessIdentity.CurrentAndAncestors().Count > 1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Taking_and_giving_back_costs_little_while_nobody_else_is_there()
    {
        await using CoreShare share = CoreShare.Open(Options);
        const int times = 200_000;
        double best = double.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < times; i++) (await share.TakeAsync(1 + (i % 4), i % 1000, Token)).Dispose();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / times);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{best:F3} µs");
        Assert.InRange(best, 0, 5);
    }
}
