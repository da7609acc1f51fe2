/// <summary>
/// Called by the runtime before a program's <c>Main</c> when <c>DOTNET_STARTUP_HOOKS</c> names Leat: see
/// docs/design/features/host-startup-hook.md of dotnet/runtime, which asks for exactly this name, and no namespace.
/// </summary>
#pragma warning disable MA0047 // The runtime asks for no namespace.
internal static class StartupHook
#pragma warning restore MA0047
{
    /// <summary>Makes the process a worker, if it was started as one.</summary>
    public static void Initialize() => Leat.Pools.WorkerEntry.RunIfWorker();
}
