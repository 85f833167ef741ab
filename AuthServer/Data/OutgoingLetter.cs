namespace AuthServer.Data;

/// <summary>A letter that has not left yet. It is written with the change it tells of and goes when it is delivered.</summary>
internal sealed class OutgoingLetter
{
    /// <summary>The name under which letters are sealed.</summary>
    public const string Seal = "letter";

    public long Id { get; init; }

    /// <summary>The letter under the master key: the link in it opens an account.</summary>
    public required byte[] Sealed { get; set; }

    /// <summary>UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>UTC; until then it is somebody's in whose hands it is, or waits for a mail server to come back.</summary>
    public required DateTime NextAttemptAt { get; set; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }
}
