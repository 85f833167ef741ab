namespace AuthServer.Data;

/// <summary>A random value that the server made for itself at first start, sealed by <see cref="MasterKey"/>.</summary>
internal sealed class Secret
{
    public required string Name { get; init; }

    public required byte[] Protected { get; set; }
}
