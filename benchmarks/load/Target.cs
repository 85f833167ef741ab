using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Load;

/// <summary>The server under load: a process of its own, on loopback, with BCrypt at its full cost and all limits on.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authserver-load-");
    private readonly Process _process;

    /// <summary>Starts it; it listens a little later.</summary>
    /// <param name="emails">Who has an account there, with the crowd's password and a confirmed address.</param>
    /// <param name="bcryptCost">What one comparison costs; 12 is what the server ships with.</param>
    public Target(IEnumerable<string> emails, int bcryptCost = 12)
    {
        var port = FreePort();
        Address = new Uri($"http://localhost:{port}/");
        var config = Path.Combine(_folder.FullName, "load.json");
        File.WriteAllText(config, JsonSerializer.Serialize(Settings(emails, bcryptCost)));

        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AuthServer.dll"));
        start.Environment["AUTHSERVER_CONFIG"] = config;
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public Uri Address { get; }

    public string Database => Path.Combine(_folder.FullName, "load.db");

    public long ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024 * 1024);
        }
    }

    /// <summary>Waits until it serves, two minutes at most.</summary>
    public async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var tries = 0; tries < 1200 && !_process.HasExited; tries++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException("The server does not start: see its words above.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // This program stands for a proxy, so that each caller has an address of its own.
    private object Settings(IEnumerable<string> emails, int bcryptCost) =>
        new
        {
            Issuer = Address.ToString(),
            Data = new { ConnectionString = $"Data Source={Database}" },
            Mail = new { Folder = Path.Combine(_folder.FullName, "mail") },
            Accounts = new { RequireConfirmedEmail = true },
            Passwords = new { BcryptCost = bcryptCost },
            Proxies = new { Known = new[] { "127.0.0.1", "::1" } },
            Apis = new[] { new { Name = "orders-api", Scopes = new[] { "orders.read" } } },
            Clients = new object[]
            {
                new
                {
                    ClientId = "spa",
                    Type = "public",
                    GrantTypes = new[] { "authorization_code", "refresh_token" },
                    RedirectUris = new[] { Crowd.RedirectUri },
                    Scopes = new[] { "openid", "offline_access", "orders.read" },
                    RequireConsent = false,
                },
                new
                {
                    ClientId = "service",
                    ClientSecret = Crowd.ServiceSecret,
                    GrantTypes = new[] { "client_credentials" },
                    Scopes = new[] { "orders.read" },
                },
            },
            Users = emails.Select(email => new
            {
                Email = email,
                Password = Crowd.Password,
                Name = "Load",
            }),
        };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
