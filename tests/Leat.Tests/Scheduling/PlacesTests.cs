using Leat.Scheduling;

namespace Leat.Tests.Scheduling;

/// <summary>Which task comes first, what it gets, and that nobody waits for ever.</summary>
public sealed class PlacesTests
{
    private readonly List<Instruction> instructions = [];
    private readonly Scheduler scheduler;

    public PlacesTests() => scheduler = new Scheduler(instructions);

    [Fact]
    public void All_cores_are_those_of_the_worker()
    {
        scheduler.Join(new Resources { Cores = 7 });
        int whole = Submit(new Resources { Cores = Cores.All });
        int small = Submit(new Resources());
        Instruction start = Assert.Single(Starts());
        Assert.Equal((whole, 7), (start.Task, start.Resources!.Cores));
        scheduler.Succeeded(whole, 1);
        Assert.Equal(small, Assert.Single(Starts()).Task);
    }

    [Fact]
    public void Who_must_be_alone_waits_for_the_others_and_keeps_them_off()
    {
        scheduler.Join(new Resources { Cores = 4 });
        int first = Submit(new Resources());
        Assert.Single(Starts());
        int alone = Submit(new Resources { Exclusive = true });
        Assert.Empty(Starts());
        scheduler.Succeeded(first, 1);
        Instruction start = Assert.Single(Starts());
        Assert.Equal((alone, 1), (start.Task, start.Resources!.Cores));
        Submit(new Resources());
        Assert.Empty(Starts());
        scheduler.Succeeded(alone, 1);
        Assert.Single(Starts());
    }

    [Fact]
    public void The_first_free_gpus_are_given()
    {
        scheduler.Join(new Resources { Cores = 8, Gpus = 3 });
        int one = Submit(new Resources { Gpus = 1 });
        int two = Submit(new Resources { Gpus = 2 });
        Assert.Equal<IEnumerable<int>?>([[0], [1, 2]], Starts().Select(each => each.Gpus));
        int more = Submit(new Resources { Gpus = 1 });
        Assert.Empty(Starts());
        scheduler.Succeeded(two, 1);
        Assert.Equal([1], Assert.Single(Starts()).Gpus!);
        scheduler.Succeeded(one, 1);
        scheduler.Failed(more, 1, FailureCause.Error);
        Submit(new Resources { Gpus = 2 });
        Assert.Equal([0, 1], Assert.Single(Starts()).Gpus!);
    }

    [Fact]
    public void A_worker_that_was_away_and_is_back_has_what_it_had_still_in_hand()
    {
        int worker = scheduler.Join(new Resources { Cores = 4, Memory = 100, Gpus = 2 });
        int old = Submit(new Resources { Cores = 3, Memory = 60, Gpus = 1 });
        Assert.Equal([0], Assert.Single(Starts()).Gpus!);
        scheduler.Leave(worker);
        int gpu = Submit(new Resources { Gpus = 1 });
        int other = Submit(new Resources());
        Assert.Empty(Starts());
        Assert.False(scheduler.TryReturn(worker, new Resources { Cores = 4, Memory = 100, Gpus = 1 }));
        Assert.True(scheduler.TryReturn(worker, new Resources { Cores = 4, Memory = 100, Gpus = 2 }));
        Instruction start = Assert.Single(Starts());
        Assert.Equal(gpu, start.Task);
        Assert.Equal([1], start.Gpus!);

        // With less than what is in its tasks' hands nothing is free until enough of these have ended.
        scheduler.Leave(worker);
        Assert.True(scheduler.TryReturn(worker, new Resources { Cores = 2, Memory = 100, Gpus = 2 }));
        Assert.Empty(Starts());
        scheduler.Succeeded(gpu, 1);
        Assert.Empty(Starts());
        scheduler.Succeeded(old, 1);
        Assert.Equal(other, Assert.Single(Starts()).Task);
        Assert.True(Submit(new Resources { Cores = 3 }) > other);
        Assert.Empty(Starts());
    }

    [Fact]
    public void Who_needs_no_gpu_leaves_those_with_gpus_to_others()
    {
        scheduler.Join(new Resources { Cores = 1, Gpus = 1 });
        int plain = scheduler.Join(new Resources { Cores = 8 });
        Submit(new Resources());
        Assert.Equal(plain, Assert.Single(Starts()).Worker);
    }

    [Fact]
    public void More_gpus_than_anybody_has_are_impossible()
    {
        scheduler.Join(new Resources { Cores = 4, Gpus = 1 });
        scheduler.HasAllWorkers = true;
        Submit(new Resources { Gpus = 2 });
        int possible = Submit(new Resources { Cores = Cores.All });
        scheduler.Schedule();
        Assert.Equal(FailureCause.Impossible, instructions[0].Cause);
        Assert.Equal((InstructionKind.Start, possible), (instructions[1].Kind, instructions[1].Task));
    }

    [Fact]
    public void What_was_ended_for_its_time_may_take_twice_as_long()
    {
        scheduler.Join(new Resources());
        int task = scheduler.Submit(new TaskSpec(new Resources { WallTime = TimeSpan.FromDays(20) }, default) { Retries = 3 }, []);
        int[] days = new int[4];
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            days[attempt - 1] = Assert.Single(Starts()).Resources!.WallTime!.Value.Days;
            scheduler.Failed(task, attempt, FailureCause.Time);
        }

        Assert.Equal([20, 40, 49, 49], days);
        Assert.Equal(TaskState.Failed, scheduler.StateOf(task));
    }

    [Fact]
    public void What_comes_after_a_task_that_nobody_has_submitted_yet_counts()
    {
        scheduler.Join(new Resources());
        Submit(new Resources());
        int urgent = scheduler.Submit(new TaskSpec(new Resources(), TimeSpan.FromSeconds(1)) { After = TimeSpan.FromSeconds(10) }, []);
        int behind = scheduler.Submit(new TaskSpec(new Resources(), TimeSpan.FromSeconds(5)), []);
        int before = scheduler.Submit(new TaskSpec(new Resources(), TimeSpan.FromSeconds(1)), []);
        scheduler.Submit(new TaskSpec(new Resources(), TimeSpan.FromSeconds(1)) { After = TimeSpan.FromSeconds(20) }, [before]);
        Assert.Equal(before, Assert.Single(Starts()).Task);
        scheduler.Cancel(before);
        scheduler.Succeeded(before, 1);
        Assert.Equal(urgent, Assert.Single(Starts()).Task);
        scheduler.Succeeded(urgent, 1);
        Assert.Equal(behind, Assert.Single(Starts()).Task);
    }

    [Theory]
    [InlineData(Cores.All, false)]
    [InlineData(1, true)]
    [InlineData(4, false)]
    public void Who_needs_much_is_not_starved_by_those_who_need_little(int cores, bool alone)
    {
        var large = new Resources { Cores = cores, Exclusive = alone };
        scheduler.Join(new Resources { Cores = 4 });
        scheduler.Join(new Resources { Cores = 4 });
        Queue<Instruction> running = [];
        for (int i = 0; i < 8; i++) Submit(new Resources());
        Follow();
        int needy = scheduler.Submit(new TaskSpec(large, TimeSpan.FromSeconds(2)), []);
        int others = 0;
        while (scheduler.StateOf(needy) != TaskState.Running)
        {
            Assert.True(++others < 500, "it is starved");
            Submit(new Resources());
            Instruction ended = running.Dequeue();
            scheduler.Succeeded(ended.Task, ended.Attempt);
            Follow();
        }

        void Follow()
        {
            foreach (Instruction each in Starts()) running.Enqueue(each);
        }
    }

    [Fact]
    public void A_worker_is_not_kept_for_who_has_given_up()
    {
        scheduler.Join(new Resources { Cores = 2 });
        int task = Submit(new Resources());
        Starts();
        int needy = scheduler.Submit(new TaskSpec(new Resources { Exclusive = true }, TimeSpan.FromSeconds(2)), []);
        bool isKept = false;
        for (int i = 0; i < 100 && !isKept; i++)
        {
            int next = Submit(new Resources());
            isKept = Starts() is [];
            if (isKept) break;
            scheduler.Succeeded(next, 1);
        }

        Assert.True(isKept);
        scheduler.Cancel(needy);
        Assert.Single(Starts());
        scheduler.Succeeded(task, 1);
    }

    [Fact]
    public void A_room_knows_who_must_be_alone()
    {
        var room = new Room(1000, gpus: 1) { Cores = 4 };
        Resources small = new(), whole = new() { Cores = Cores.All }, alone = new() { Cores = 2, Exclusive = true }, gpu = new() { Gpus = 1 };
        foreach (Resources large in (Resources[])[whole, alone])
        {
            Assert.Null(room.Impossible(large));
            Assert.True(room.Fits(large));
            room.Enter(small);
            Assert.False(room.Fits(large));
            room.Leave(small);
            room.Enter(large);
            Assert.False(room.Fits(small));
            Assert.False(room.Fits(large));
            room.Leave(large);
        }

        room.Enter(gpu);
        Assert.True(room.Fits(small));
        Assert.False(room.Fits(gpu));
        room.Leave(gpu);
        Assert.True(room.Fits(gpu));
        Assert.Equal("2 GPUs, and the machine has 1", room.Impossible(new Resources { Gpus = 2 }));
        Assert.Equal("1 GPU, and the machine has none", new Room(1000, gpus: 0) { Cores = 1 }.Impossible(gpu));
    }

    [Fact]
    public void What_no_machine_has_is_refused()
    {
        foreach (Action wrong in (Action[])[() => _ = new Resources { Cores = -2 }, () => _ = new Resources { Gpus = -1 }, () => _ = new Resources { Memory = -1 }, () => _ = new Resources { WallTime = TimeSpan.Zero }, () => _ = new Resources { WallTime = TimeSpan.FromDays(50) }])
        {
            Assert.StartsWith("LEAT0110", Assert.Throws<ArgumentOutOfRangeException>(wrong).Message, StringComparison.Ordinal);
        }
    }

    private int Submit(Resources resources) => scheduler.Submit(new TaskSpec(resources, TimeSpan.FromSeconds(1)), []);

    private Instruction[] Starts()
    {
        scheduler.Schedule();
        Instruction[] starts = [.. instructions.Where(each => each.Kind == InstructionKind.Start)];
        instructions.Clear();
        return starts;
    }
}
