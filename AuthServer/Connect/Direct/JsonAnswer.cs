using System.Buffers;
using System.Text.Json;

namespace AuthServer.Connect.Direct;

/// <summary>Sends JSON with its length, in one piece.</summary>
internal static class JsonAnswer
{
    private const string ContentType = "application/json;charset=UTF-8";

    public static Task SendAsync(HttpContext http, Action<Utf8JsonWriter> write) =>
        SendAsync(http, Render(write), ContentType);

    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body, string type = ContentType)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    public static ReadOnlyMemory<byte> Render(Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(text);
        write(json);
        json.Flush();
        return text.WrittenMemory;
    }
}
