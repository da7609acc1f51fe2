using Leat.Encoding;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>Why calls of a node were not found in its cache. What the run itself has kept there since does not count.</summary>
internal sealed class MissReasons(CallNode node, Evaluation run)
{
    private readonly Cache? cache = (node as ICachedNode)?.Cache;
    private MissExplainer? explainer;

    public bool HasCache => cache is not null;

    public string Of(CallLog.Miss miss)
    {
        explainer ??= cache!.ExplainMisses(run.Logs.SelectMany(each => each.Log.Misses()).Select(each => each.Key.Digest).ToHashSet<Digest>());
        return explainer.Explain(miss.Key, index => miss.Arguments[index]);
    }
}

/// <summary>A node whose results are looked up in a cache, and kept there.</summary>
internal interface ICachedNode
{
    Cache? Cache { get; }
}
