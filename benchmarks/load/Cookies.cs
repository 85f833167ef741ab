namespace Load;

/// <summary>What one browser keeps.</summary>
internal sealed class Cookies
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string Header => string.Join("; ", _values.Select(pair => $"{pair.Key}={pair.Value}"));

    public bool Has(string name) => _values.ContainsKey(name);

    public void Forget(string name) => _values.Remove(name);

    public void Take(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            return;
        }

        foreach (var pair in lines.Select(line => line.Split(';')[0].Split('=', 2)))
        {
            _values[pair[0]] = pair[1];
        }
    }
}
