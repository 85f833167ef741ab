namespace AuthServer.Clients;

/// <summary>The lists <c>Clients</c> and <c>Apis</c> of the configuration.</summary>
internal sealed class ClientsOptions
{
    public IReadOnlyList<Entry<ClientSettings>> Clients { get; private set; } = [];

    public IReadOnlyList<Entry<ApiSettings>> Apis { get; private set; } = [];

    /// <summary>A sentence for everything that could not be read.</summary>
    public IReadOnlyList<string> Misread { get; private set; } = [];

    public void Read(IConfiguration configuration)
    {
        var misread = new List<string>();
        Clients = StrictList.Read<ClientSettings>(configuration.GetSection("Clients"), misread);
        Apis = StrictList.Read<ApiSettings>(configuration.GetSection("Apis"), misread);
        Misread = misread;
    }
}
