using System.Reflection;
using Leat.Streams;

namespace Leat.Tests.Code;

/// <summary>The lambdas of Leat by which stages make their bodies capture the author's own, and travel with them.</summary>
public sealed class PortableStageTests
{
    private static readonly int[] Summands = [4];

    public static TheoryData<string> Names => [.. Stages(0).Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bodies_of_a_stage_travel(string name)
    {
        Delegate create = Factory(Stages(Summands[0])[name]);
        Delegate there = Travel.There(create);
        Assert.NotSame(create.Target, there.Target);
        Assert.Equal(create.DynamicInvoke()!.GetType(), there.DynamicInvoke()!.GetType());
    }

    [Fact]
    public void The_authors_lambda_is_named_when_it_can_not()
    {
        using var client = new HttpClient();
        LeatException error = Travel.Refused(Factory(Stage.Map((int x) => x + client.GetHashCode())));
        Assert.StartsWith("LEAT0054: The captured variable 'client' (HttpClient) in the lambda at PortableStageTests.cs:", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, object> Stages(int a) => new(StringComparer.Ordinal)
    {
        ["Map"] = Stage.Map((int x) => x + a),
        ["Map with a token"] = Stage.Map((int x, CancellationToken _) => x + a),
        ["Map of tasks"] = Stage.Map((int x) => Task.FromResult(x + a)),
        ["Map of tasks with a token"] = Stage.Map((int x, CancellationToken _) => Task.FromResult(x + a)),
        ["Map with a state"] = Stage.Map(() => a, (int state, int x) => x + state),
        ["Map of tasks with a state"] = Stage.Map(() => a, (int state, int x) => Task.FromResult(x + state)),
        ["FlatMap"] = Stage.FlatMap((int x) => Enumerable.Repeat(x, a)),
        ["Filter"] = Stage.Filter((int x) => x > a),
        ["Tap"] = Stage.Tap((int x) => GC.KeepAlive(x + a)),
        ["Map of parts"] = ((BodyStage<int, int>)Stage.Map((int x) => x + a)).Lift(),
    };

    private static Delegate Factory(object stage)
    {
        object factory = stage.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Single(field => field.FieldType.Name.StartsWith("BodyFactory", StringComparison.Ordinal)).GetValue(stage)!;
        return (Delegate)factory.GetType().GetProperty("Create")!.GetValue(factory)!;
    }
}
