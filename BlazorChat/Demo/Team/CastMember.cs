using System.Security.Claims;

namespace BlazorChat.Demo.Team;

/// <summary>A person of the demo with their account.</summary>
/// <param name="Principal">With it the services of the app act as this person.</param>
internal sealed record CastMember(DemoPerson Person, int Id, string Handle, ClaimsPrincipal Principal);

/// <summary>The people of the demo by their keys.</summary>
internal sealed class Cast(IEnumerable<CastMember> members)
{
    private readonly Dictionary<string, CastMember> _members = members.ToDictionary(member => member.Person.Key);

    public IReadOnlyCollection<CastMember> All => _members.Values;

    /// <exception cref="InvalidDataException">Nobody has the key.</exception>
    public CastMember this[string key] =>
        _members.TryGetValue(key, out var member) ? member : throw new InvalidDataException($"Nobody in the demo is called {key}.");

    /// <summary>The person with an account's id; null when it is another account.</summary>
    public CastMember? Find(int id) => _members.Values.FirstOrDefault(member => member.Id == id);
}
