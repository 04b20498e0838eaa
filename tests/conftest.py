pytest_plugins = ["tests.elasticsearch_node.plugin"]
