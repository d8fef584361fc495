-- What the shop sells. ON CONFLICT without a target: a product that was renamed or added by hand stays as it is.

INSERT INTO products (id, product)
VALUES (1, 'toy'), (2, 'phone'), (3, 'table'), (4, 'chair')
ON CONFLICT DO NOTHING;
