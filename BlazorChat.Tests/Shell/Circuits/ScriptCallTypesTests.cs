using System.Text.Json;
using BlazorChat.Shell.Circuits;

namespace BlazorChat.Tests.Shell.Circuits;

public sealed class ScriptCallTypesTests
{
    private static readonly JsonSerializerOptions Options = new() { TypeInfoResolver = new ScriptCallTypes() };

    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string))]
    [InlineData(typeof(Dictionary<string, int[]>))]
    public void What_a_value_only_descends_from_is_not_described(Type type)
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = new ScriptCallTypes() };

        // An argument is declared as an object, so the serializer looks for a polymorphic ancestor of its type.
        JsonSerializer.Serialize<object?[]>([type.IsValueType ? Activator.CreateInstance(type) : type == typeof(string) ? "" : new Dictionary<string, int[]>()], options);

        Assert.DoesNotContain(type.GetInterfaces(), ancestor => ScriptCallTypes.IsOnlyAncestor(ancestor) && options.TryGetTypeInfo(ancestor, out _));
        Assert.True(options.TryGetTypeInfo(type, out _));
    }

    [Fact]
    public void Lists_and_maps_that_arguments_declare_are_described()
    {
        var json = JsonSerializer.Serialize<object?[]>([new Declared([1, 2], new Dictionary<string, string?> { ["a"] = null }, [3], Guid.Empty, null)], Options);

        Assert.Equal("""[{"List":[1,2],"Map":{"a":null},"Sequence":[3],"Id":"00000000-0000-0000-0000-000000000000","Anything":null}]""", json);
    }

    private sealed record Declared(IReadOnlyList<int> List, IReadOnlyDictionary<string, string?> Map, IEnumerable<long> Sequence, Guid Id, object? Anything);
}
