using System.Net;
using System.Net.Sockets;
using AuthServer.Accounts.External;
using Microsoft.Extensions.Hosting.Internal;

namespace AuthServer.Tests.Accounts.External;

[Trait("Requirement", "C-79")]
public class OutboundHttpTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::7f00:1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void An_address_inside_of_a_network_is_not_public(string address) =>
        Assert.False(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("142.250.74.110")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2a00:1450:4001:82a::200e")]
    public void An_address_of_the_internet_is_public(string address) =>
        Assert.True(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task In_Production_nothing_on_this_machine_is_reached_whatever_its_name(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var outbound = OutboundIn("Production");

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            outbound.Client.GetAsync(
                new Uri($"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/latest/meta-data")
            )
        );

        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task In_Development_a_stand_in_on_this_machine_is_reached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var outbound = OutboundIn("Development");
        var answer = outbound.Client.GetAsync(
            new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/")
        );

        using var connection = await listener.AcceptTcpClientAsync();
        await connection.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray());

        Assert.Equal(HttpStatusCode.NoContent, (await answer).StatusCode);
    }

    private static OutboundHttp OutboundIn(string environment) =>
        new(new HostingEnvironment { EnvironmentName = environment });
}
