using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

/// <summary>How a server leaves that is told to stop.</summary>
public sealed class DrainTests : IDisposable
{
    private const string Body =
        """{"email":"ada@example.org","password":"Correct-Horse-7-Battery","name":"Ada Lovelace"}""";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_first_says_that_it_is_leaving_and_serves_on_for_a_while_but_keeps_no_connection()
    {
        await using var server = await StartAsync("00:00:10");
        using var http = new HttpClient { BaseAddress = server.Address };
        using var before = await http.GetAsync(".well-known/jwks");

        await server.TerminateAsync();
        await NoLongerReadyAsync(http);
        using var after = await http.GetAsync(".well-known/jwks");

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(true, before.Headers.ConnectionClose);
        Assert.True(after.Headers.ConnectionClose);
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task A_request_that_has_begun_is_answered_after_nobody_is_let_in_any_more()
    {
        await using var server = await StartAsync("00:00:00");
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/account/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..10]}"
            )
        );
        // The request has begun when the server has read of it; nothing outside shows that, a second request does.
        using (var http = new HttpClient { BaseAddress = server.Address })
        {
            await http.GetStringAsync("health/live");
        }

        await server.TerminateAsync();
        await ClosedAsync(server.Address.Port);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Body[10..]));

        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 201 ", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await server.ExitAsync());
    }

    private async Task<AuthServerProcess> StartAsync(string delay)
    {
        var server = AuthServerProcess.Start(_folder.Path, $"--Drain:Delay={delay}");
        await server.ReadyAsync();
        return server;
    }

    private static Task NoLongerReadyAsync(HttpClient http) =>
        Patience.UntilAsync(
            "readiness says that it is leaving",
            async () =>
            {
                using var answer = await http.GetAsync("health/ready");
                return answer.StatusCode is HttpStatusCode.ServiceUnavailable;
            }
        );

    private static Task ClosedAsync(int port) =>
        Patience.UntilAsync(
            "it listens no more",
            async () =>
            {
                try
                {
                    using var probe = new TcpClient();
                    await probe.ConnectAsync(IPAddress.Loopback, port);
                    return false;
                }
                catch (SocketException)
                {
                    return true;
                }
            }
        );
}
