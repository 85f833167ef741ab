namespace AuthServer.Data;

/// <summary>Puts one row of the audit trail into the chain; never changed once it is written.</summary>
internal sealed class AuditLink
{
    /// <summary>Without gaps. Link 0 is where the chain begins, written by the migration.</summary>
    public required long Seq { get; init; }

    /// <summary>The row; in link 0 minus the last row from before the chain.</summary>
    public required long EntryId { get; init; }

    /// <summary>The row's, so that a copy of a row never gets into the chain.</summary>
    public Guid? EventId { get; init; }

    /// <summary>Covers the link before and what the row says.</summary>
    public required byte[] Hash { get; init; }
}
