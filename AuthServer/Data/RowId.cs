namespace AuthServer.Data;

/// <summary>Names rows that come by the thousand in the order of their making, so that those of one minute share a page of the index.</summary>
internal static class RowId
{
    /// <summary>A UUID of version 7 (RFC 9562): tells when it was made, by the machine's clock and for the order alone, and is no secret.</summary>
    public static string Next() => Guid.CreateVersion7().ToString();
}
