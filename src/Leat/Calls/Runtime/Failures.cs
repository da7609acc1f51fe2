namespace Leat.Calls;

/// <summary>Tells failures of calls to authors.</summary>
internal static class Failures
{
    private const int LongestPath = 10;

    /// <summary>What a failure is to the author: which call, with which arguments, and what needed it.</summary>
    public static ItemFailure Describe(CallFailure failure, CallNode result) =>
        new(failure.Origin.Name, failure.Origin.Run.PlaceOf(failure.Origin, failure.Slot), failure.Arguments, failure.Error)
        {
            Attempts = failure.Attempts,
            Path = PathFrom(failure.Origin, result),
            IsCall = true,
        };

    private static List<string> PathFrom(CallNode origin, CallNode result)
    {
        List<string> names = [];
        for (CallNode node = origin; node != result && names.Count < LongestPath;)
        {
            node = node.Users[0].Node;
            if (node.CallsFunction) names.Add(node.Name);
        }

        return names;
    }
}
