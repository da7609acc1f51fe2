using Leat.Pools;

namespace Leat.Tests.Pools;

/// <summary>Who is served next, without anything that serves.</summary>
public sealed class FairQueueTests
{
    [Fact]
    public void Two_that_always_have_something_waiting_get_the_same_time()
    {
        (long first, long second) = Serve(new Share<int>(), new Share<int>(), firstCost: 10, secondCost: 1, rounds: 10_000);

        Assert.InRange(first - second, -10, 10);
    }

    [Fact]
    public void One_that_was_away_does_not_catch_up()
    {
        var queue = new FairQueue<int>();
        Share<int> busy = new(), late = new();
        for (int i = 0; i < 1_000; i++)
        {
            queue.Add(busy, i);
            Assert.True(queue.TryTake(_ => true, out _));
            FairQueue<int>.Charge(busy, 100);
        }

        Assert.InRange(Serve(queue, late, busy, cost: 100, rounds: 100), 49, 51);
    }

    [Fact]
    public void What_may_not_go_now_lets_others_go_first()
    {
        var queue = new FairQueue<int>();
        Share<int> one = new(), other = new();
        queue.Add(one, 1);
        queue.Add(other, 2);

        Assert.True(queue.TryTake(item => item == 2, out (Share<int> Share, int Item) taken));
        Assert.Equal((other, 2), taken);
        Assert.False(queue.TryTake(item => item == 2, out _));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void A_random_use_keeps_each_shares_order_and_loses_nothing()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var queue = new FairQueue<int>();
            Share<int>[] shares = [new(), new(), new()];
            List<int>[] model = [[], [], []];
            for (int step = 0; step < 300; step++)
            {
                int which = random.Next(3);
                switch (random.Next(4))
                {
                    case 0:
                        queue.Add(shares[which], step);
                        model[which].Add(step);
                        break;
                    case 1:
                        // As what was given back does: before all that come after it.
                        int place = random.Next(step + 1);
                        queue.Add(shares[which], place, static (a, b) => a.CompareTo(b));
                        int later = model[which].FindIndex(item => item >= place);
                        model[which].Insert(later < 0 ? model[which].Count : later, place);
                        break;
                    case 2 when queue.TryTake(_ => true, out (Share<int> Share, int Item) taken):
                        int owner = Array.IndexOf(shares, taken.Share);
                        Assert.Equal(model[owner][0], taken.Item);
                        model[owner].RemoveAt(0);
                        FairQueue<int>.Charge(taken.Share, random.Next(100));
                        break;
                    case 3:
                        Assert.Equal(model[which].Where(item => item % 7 == 0), queue.Remove(shares[which], item => item % 7 == 0));
                        model[which].RemoveAll(item => item % 7 == 0);
                        break;
                }
                Assert.Equal(model.Sum(each => each.Count), queue.Count);
            }
        }
    }

    private static (long First, long Second) Serve(Share<int> one, Share<int> other, int firstCost, int secondCost, int rounds)
    {
        var queue = new FairQueue<int>();
        long first = 0;
        long second = 0;
        queue.Add(one, 0);
        queue.Add(other, 0);
        for (int i = 0; i < rounds; i++)
        {
            Assert.True(queue.TryTake(_ => true, out (Share<int> Share, int Item) taken));
            bool isFirst = taken.Share == one;
            FairQueue<int>.Charge(taken.Share, isFirst ? firstCost : secondCost);
            queue.Add(taken.Share, 0);
            first += isFirst ? firstCost : 0;
            second += isFirst ? 0 : secondCost;
        }
        return (first, second);
    }

    // How often one of two that both always have something waiting is served.
    private static int Serve(FairQueue<int> queue, Share<int> one, Share<int> other, int cost, int rounds)
    {
        queue.Add(one, 0);
        queue.Add(other, 0);
        int served = 0;
        for (int i = 0; i < rounds; i++)
        {
            Assert.True(queue.TryTake(_ => true, out (Share<int> Share, int Item) taken));
            FairQueue<int>.Charge(taken.Share, cost);
            queue.Add(taken.Share, 0);
            served += taken.Share == one ? 1 : 0;
        }
        return served;
    }
}
