namespace Leat.Pools;

/// <summary>Hands on what workers write, one piece at a time.</summary>
internal sealed class WorkerOutputs(Action<WorkerOutput>? listener)
{
    private readonly Lock gate = new();

    public void Tell(WorkerOutput output)
    {
        lock (gate)
        {
            try
            {
                (listener ?? Write)(output);
            }
            catch (Exception)
            {
                // A fault of the listener's must not end what it listens to.
            }
        }
    }

    private static void Write(WorkerOutput output)
    {
#pragma warning disable RS0030 // The ban keeps the library from writing on its own account; this is what the author's code has written.
        (output.IsError ? Console.Error : Console.Out).Write(output.Text);
#pragma warning restore RS0030
    }
}
