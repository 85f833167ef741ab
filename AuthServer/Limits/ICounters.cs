namespace AuthServer.Limits;

/// <summary>Counts, in this process or for all instances.</summary>
internal interface ICounters
{
    /// <summary>Takes all of the charges, or none when one of the counters is full, in one atomic step.</summary>
    ValueTask<Decision> TakeAsync(IReadOnlyList<Charge> charges);
}
