namespace AuthServer.Commands;

/// <summary>Where the server listens when nothing says so: where the default issuer points, not Kestrel's port 5000.</summary>
internal static class ListenAt
{
    private const string Address = "http://localhost:8080";

    private static readonly string[] Settings = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public static void Default(WebApplication app)
    {
        if (!Settings.Any(key => app.Configuration.GetSection(key).Exists()))
        {
            app.Urls.Add(Address);
        }
    }
}
