namespace Leat.Streams;

/// <summary>Keeps the lane of whoever enumerates a pipe from starving.</summary>
internal sealed class OutletNode(Run run) : Node(run, "outlet")
{
    public Lane Lane { get; } = new(run);

    public override bool IsVisible => false;

    public override bool NeedsBeat => Lane.IsScheduled;

    public override void OnBeat(long beat) => Lane.RescueIfStarved(beat);

    protected override void LaunchAll()
    {
    }
}
