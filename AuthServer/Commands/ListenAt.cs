namespace AuthServer.Commands;

/// <summary>Where the server listens when nothing says so: where the default issuer points, not Kestrel's port 5000.</summary>
internal static class ListenAt
{
    private static readonly string[] Settings = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public static void ListenAtDefault(this WebApplicationBuilder builder)
    {
        if (!Settings.Any(key => builder.Configuration.GetSection(key).Exists()))
        {
            builder.WebHost.UseUrls("http://localhost:8080");
        }
    }
}
