using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Support;

namespace AuthServer.Tests.Edge;

/// <summary>What is too broken or too large to be a request ends in Kestrel, before any code of ours.</summary>
public class BareRefusalTests(Server server) : IClassFixture<Server>
{
    [Theory]
    [Trait("Requirement", "C-88")]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: example.com\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}\r\n\r\n", 431)]
    public async Task It_gets_a_status_and_not_a_word_more(string request, int status)
    {
        var answer = await SendAsync(
            request.Replace("{long}", new string('x', 40_000), StringComparison.Ordinal)
        );

        var (head, body) = (answer.Split("\r\n\r\n", 2)[0].Split("\r\n"), answer.Split("\r\n\r\n", 2)[1]);
        Assert.StartsWith($"HTTP/1.1 {status} ", head[0], StringComparison.Ordinal);
        Assert.Empty(body);
        Assert.Equal(
            ["Connection", "Content-Length", "Date"],
            head.Skip(1).Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal)
        );
    }

    private async Task<string> SendAsync(string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }
}
