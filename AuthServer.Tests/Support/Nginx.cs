using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuthServer.Tests.Support;

/// <summary>An nginx of the test's own: it ends TLS at a port of loopback and shares the requests out among instances.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly Folder _folder = new();
    private readonly string _port = Ports.Next().ToString(CultureInfo.InvariantCulture);
    private string _thumbprint = "";
    private Process? _process;

    /// <summary>Null where the program is there, or where AUTHSERVER_TESTS_REQUIRE_ALL=true forbids to leave tests out.</summary>
    public static string? ReasonToSkip =>
        File.Exists(Program) || Environment.GetEnvironmentVariable("AUTHSERVER_TESTS_REQUIRE_ALL") == "true"
            ? null
            : $"{Program} is missing; ./test.sh installs it on Debian and Ubuntu.";

    /// <summary>What people and clients call; ends in a slash.</summary>
    public Uri Address => new($"https://auth.example.org:{_port}/");

    /// <summary>For each request that was passed on: the instances that were asked, the status, the method and the path.</summary>
    public string Log => File.ReadAllText(_folder.At("passed.log"));

    /// <summary>A client that finds it, trusts its certificate, keeps no cookies and follows no redirects.</summary>
    public HttpClient NewClient() =>
        new(
            new SocketsHttpHandler
            {
                UseCookies = false,
                AllowAutoRedirect = false,
                ConnectCallback = Visitors.ConnectHere,
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, shown, _, _) =>
                        shown?.GetCertHashString() == _thumbprint,
                },
            }
        )
        {
            BaseAddress = Address,
        };

    /// <summary>Starts it, and waits until it listens.</summary>
    public async Task StartAsync(params IEnumerable<Uri> instances)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        using var certificate = request.CreateSelfSigned(now, now.AddYears(50));
        _thumbprint = certificate.GetCertHashString();
        _folder.Write("cert.pem", certificate.ExportCertificatePem());
        _folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        Write(instances);
        _process = Process.Start(
            new ProcessStartInfo(Program, ["-p", _folder.Path, "-c", "nginx.conf", "-e", "stderr"])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        using var http = NewClient();
        await Patience.UntilAsync("nginx listens", () => AnswersAsync(http));
    }

    /// <summary>Shares out among these from now on, and lets what it has passed on to others end.</summary>
    public async Task ReloadAsync(params IEnumerable<Uri> instances)
    {
        Write(instances);
        using var kill = Process.Start("kill", ["-HUP", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            using var kill = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    // As docs/operations.md advises.
    private void Write(IEnumerable<Uri> instances) =>
        _folder.Write(
            "nginx.conf",
            $$"""
            daemon off;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            pid nginx.pid;
            worker_processes 1;
            events { worker_connections 512; }
            http {
              log_format passed '$upstream_addr $upstream_status $status $request_method $uri';
              access_log passed.log passed;
              client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
              upstream authserver {
                {{string.Join(
                ' ',
                instances.Select(i => $"server 127.0.0.1:{i.Port} max_fails=1 fail_timeout=2s;")
            )}}
                keepalive 16;
              }
              server {
                listen 127.0.0.1:{{_port}} ssl http2;
                ssl_certificate cert.pem;
                ssl_certificate_key key.pem;
                location / {
                  proxy_pass http://authserver;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Host $http_host;
                  proxy_set_header X-Forwarded-For $remote_addr;
                }
              }
            }
            """
        );

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("health/live");
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
