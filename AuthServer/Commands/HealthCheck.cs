using System.Globalization;

namespace AuthServer.Commands;

/// <summary>The verb <c>healthcheck</c>: a container asks the server in it whether it lives, without a shell or curl.</summary>
internal static class HealthCheck
{
    /// <summary>0 when <c>/health/live</c> answers with success within five seconds, else 1.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var address = args.Length > 0 ? args[0] : Own();
        if (!Uri.TryCreate(address.TrimEnd('/') + "/health/live", UriKind.Absolute, out var live))
        {
            await Console.Error.WriteLineAsync(
                $"'{address}' is not an address: write http://localhost:8080/."
            );
            return 2;
        }

        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = await http.GetAsync(live);
            answer.EnsureSuccessStatusCode();
            return 0;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{live} does not answer as it should: {exception.Message}");
            return 1;
        }
    }

    // The port that the variables of ASP.NET Core give to the server beside us; any host name stands for loopback.
    private static string Own()
    {
        var url = Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0];
        var port =
            url is not null ? BindingAddress.Parse(url).Port.ToString(CultureInfo.InvariantCulture)
            : Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS") is { Length: > 0 } ports
                ? ports.Split(';')[0]
            : "8080";
        return $"http://localhost:{port}";
    }
}
