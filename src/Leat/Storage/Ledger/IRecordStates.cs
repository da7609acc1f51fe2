namespace Leat.Storage;

/// <summary>Records of which a state can be had without making the whole record; for graphs of very many jobs.</summary>
internal interface IRecordStates
{
    /// <summary>The state of a job's record, and the time that it tells.</summary>
    /// <returns>False if there is no record.</returns>
    bool TryGetState(string job, out ReadOnlyMemory<byte> state, out TimeSpan time);
}
