using System.Diagnostics;
using Leat.Streams;

namespace Leat.Tests.Streams.Runtime;

public sealed class StarvationTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1_000;
    private static readonly long Start = 100 * Millisecond;

    // A fast consumer that waits a moment could have taken many; a slow one no more than it takes in that time.
    [Theory]
    [InlineData(10_000, 1, 4_096, 1, 5)]
    [InlineData(30, 3_000, 18, 50, 60)]
    public void A_bound_is_worth_it_when_the_consumer_could_have_taken_that_many(int items, int microseconds, int bound, int tooShort, int enough)
    {
        Starvation starvation = Met();
        long now = Feed(ref starvation, Start, items, each: microseconds * Millisecond / 1_000);
        starvation.Begin(now, held: true);
        Assert.False(starvation.IsWorth(bound, now + (tooShort * Millisecond)));
        Assert.True(starvation.IsWorth(bound, now + (enough * Millisecond)));
    }

    [Fact]
    public void Without_a_producer_that_waits_hunger_counts_for_a_moment_only()
    {
        Starvation starvation = Met();
        long now = Feed(ref starvation, Start, items: 30, each: 3 * Millisecond);
        starvation.Begin(now, held: false);
        now += 10_000 * Millisecond;
        Assert.False(starvation.IsWorth(18, now));
        starvation.HoldBack(now);
        Assert.False(starvation.IsWorth(18, now + (40 * Millisecond)));
        Assert.True(starvation.IsWorth(18, now + (70 * Millisecond)));
        starvation.LetGo(now + (20 * Millisecond));
        Assert.False(starvation.IsWorth(18, now + (70 * Millisecond)));
    }

    [Fact]
    public void Short_waits_add_up_until_it_counts_anew()
    {
        Starvation starvation = Met();
        long now = Start;
        for (int i = 0; i < 20; i++)
        {
            now = Feed(ref starvation, now, items: 16, each: Millisecond / 100);
            starvation.Begin(now, held: false);
            now += Millisecond / 10;
            starvation.End(now);
        }
        Assert.True(starvation.IsWorth(16, now));
        starvation.Restart(now);
        Assert.False(starvation.IsStarving);
        Assert.False(starvation.IsWorth(16, now));
    }

    [Fact]
    public void One_who_starves_when_it_counts_anew_starves_on()
    {
        Starvation starvation = Met();
        long now = Feed(ref starvation, Start, items: 1_000, each: Millisecond / 10);
        starvation.Begin(now, held: true);
        starvation.Restart(now + (10 * Millisecond));
        Assert.True(starvation.IsStarving);
        starvation.HoldBack(now + (10 * Millisecond));
        Assert.False(starvation.IsWorth(1_000, now + (20 * Millisecond)));
        Assert.True(starvation.IsWorth(1_000, now + (130 * Millisecond)));
    }

    [Fact]
    public void One_who_was_slow_and_is_fast_now_is_soon_known_as_fast()
    {
        Starvation starvation = Met();
        long now = Feed(ref starvation, Start, items: 1, each: 10_000 * Millisecond);
        int rounds = 0;
        while (!starvation.IsWorth(18, now))
        {
            now = Feed(ref starvation, now, items: 18, each: Millisecond / 1_000);
            starvation.Begin(now, held: false);
            now += Millisecond / 50;
            starvation.End(now);
            rounds++;
        }
        // 38 µs each.
        Assert.InRange(rounds, 1, 2_000);
    }

    [Fact]
    public void What_was_before_the_consumer_came_does_not_make_it_slow()
    {
        Starvation starvation = default;
        Assert.False(starvation.IsMet);
        starvation.Begin(Start + (3_600_000 * Millisecond), held: true);
        Assert.True(starvation.IsWorth(18, Start + (3_600_002 * Millisecond)));
    }

    [Fact]
    public void Of_several_who_take_those_who_are_busy_count()
    {
        Starvation starvation = Met();
        long now = Start;
        for (int i = 0; i < 80; i++)
        {
            // Eight at a second each; one of them always waits.
            starvation.Begin(now, held: false, part: 1.0 / 8);
            now += 125 * Millisecond;
            starvation.End(now);
            starvation.Took(1);
        }
        starvation.Restart(now);
        starvation.Begin(now, held: true);
        Assert.False(starvation.IsWorth(24, now + (2_000 * Millisecond)));
        Assert.True(starvation.IsWorth(24, now + (4_000 * Millisecond)));
    }

    [Fact]
    public void What_was_long_ago_fades()
    {
        Starvation starvation = Met();
        long now = Feed(ref starvation, Start, items: 100, each: 3 * Millisecond);
        for (int minute = 0; minute < 500; minute++)
        {
            starvation.Begin(now, held: false);
            now += 60_000 * Millisecond;
            starvation.End(now);
            now = Feed(ref starvation, now, items: 1, each: 3 * Millisecond);
        }
        Assert.False(starvation.IsWorth(18, now));
    }

    private static Starvation Met()
    {
        Starvation starvation = default;
        starvation.Meet(Start);
        return starvation;
    }

    private static long Feed(ref Starvation starvation, long now, int items, long each)
    {
        starvation.Took(items);
        return now + (items * each);
    }
}
